import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSafetensors, openSafetensors } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { expectClose } from '@diptych/testkit';
import { download, open } from 'diptych';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onPixels } from './training-data.ts';

const data = { captions: 'captions.jsonl', images: 'photos', test: 'val' };
const texts = ['a dark red wall', 'green, rather bright'];

/** Aligns the colours and gives where the result is, and what was printed. */
async function aligned(folder: string, views: object, name = 'aligned') {
  const config = await configFile(folder, { ...views, data, ridge: 0.05, components: 4 }, 'align.json');
  const output = join(folder, name);
  const run = await runCli(['align', config, '--output', output]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return { output, facts: jsonLines<Record<string, number>>(run)[0]! };
}

/** `(row - mean) · weights · values` of one row, by the projections that were written. */
async function projected(output: string, view: 'x' | 'y', row: ArrayLike<number>): Promise<number[]> {
  const file = await openSafetensors((await directory(output).open('projections.safetensors'))!);
  const read = async (name: string) => (await file.read(name)).data as Float64Array;
  const [mean, weights, values] = [await read(`${view}.mean`), await read(`${view}.weights`), await read('values')];
  return Array.from(values, (value, k) => {
    return value * mean.reduce((sum, m, i) => sum + (row[i]! - m) * weights[i * values.length + k]!, 0);
  });
}

/** Takes an array out of the weights of a model. */
async function withoutArray(folder: string, name: string): Promise<void> {
  const path = 'model.safetensors';
  const file = await openSafetensors((await directory(folder).open(path))!);
  const kept = [...file.names].filter((other) => other !== name);
  const arrays = await Promise.all(kept.map(async (other) => [other, await file.read(other)] as const));
  await writeFile(join(folder, path), encodeSafetensors(arrays));
}

async function trainedFolder(): Promise<{ folder: string; model: string }> {
  const folder = await colourData();
  const model = join(folder, 'model');
  const config = await configFile(folder, { ...onPixels, epochs: 5, loss: { kind: 'infoNce' } });
  expect(await runCli(['train', config, '--output', model])).toMatchObject({ code: 0 });
  return { folder, model };
}

describe('what align writes', () => {
  it('opens as a model of both modalities, which moves without those that it was made of', async () => {
    const { folder, model } = await trainedFolder();
    const { output, facts } = await aligned(folder, { x: { model: 'model' }, y: { model: 'model' } });
    const photo = join(folder, 'photos/dark-red.png');
    using source = await open(model);
    const rows = {
      x: await source.embed('image', [photo], { normalize: false }),
      y: await source.embed('text', [texts[0]!], { normalize: false }),
    };
    await rm(model, { recursive: true });
    using space = await open(output);
    expect(space).toMatchObject({ architecture: 'aligned', dim: 4 });
    const image = await space.embed('image', [photo], { normalize: false });
    expectClose(image.data, await projected(output, 'x', rows.x.data), 1e-5);
    const text = await space.embed('text', [texts[0]!], { normalize: false });
    expectClose(text.data, await projected(output, 'y', rows.y.data), 1e-5);
    const judge = ['evaluate', '--model', output, '--images', join(folder, 'photos'), '--split', 'val'];
    const [judged] = jsonLines<Record<string, number>>(await runCli([...judge, join(folder, 'captions.jsonl')]));
    expect(judged!['rsum']).toBeCloseTo(facts['rsum']!, 6);
    const found = await runCli(['search', '--model', output, '--images', join(folder, 'photos'), texts[0]!]);
    expect(jsonLines(found)).toHaveLength(10);
  });

  it('counts words as they were counted', async () => {
    const { folder } = await trainedFolder();
    const { output, facts } = await aligned(folder, { x: { model: 'model' }, y: { tfidf: { minCount: 1 } } });
    const judge = ['evaluate', '--model', output, '--images', join(folder, 'photos'), '--split', 'val'];
    const [judged] = jsonLines<Record<string, number>>(await runCli([...judge, join(folder, 'captions.jsonl')]));
    expect(judged!['rsum']).toBeCloseTo(facts['rsum']!, 6);
    using space = await open(output);
    await expect(space.embed('text', texts, { prompt: 'query' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('keeps two models where images and captions have one each', async () => {
    const { folder } = await trainedFolder();
    await cp(await tinyClipFolder(), join(folder, 'clip'), { recursive: true });
    const { output, facts } = await aligned(folder, { x: { model: 'clip' }, y: { model: 'model' } });
    using space = await open(output);
    expect((await space.embed('text', texts)).shape).toEqual([2, 4]);
    const judge = ['evaluate', '--model', output, '--images', join(folder, 'photos'), '--split', 'val'];
    const [judged] = jsonLines<Record<string, number>>(await runCli([...judge, join(folder, 'captions.jsonl')]));
    expect(judged!['rsum']).toBeCloseTo(facts['rsum']!, 6);
  });

  it('of stored features embeds captions alone', async () => {
    const folder = await colourData();
    const x = { features: 'features.npy', order: 'order.json' };
    const { output } = await aligned(folder, { x, y: { tfidf: { minCount: 1 } } });
    using space = await open(output);
    expect(space.modalities).toEqual(['text']);
    expect((await space.embed('text', texts)).shape).toEqual([2, 4]);
  });

  it('may be aligned again', async () => {
    const { folder } = await trainedFolder();
    const first = await aligned(folder, { x: { model: 'model' }, y: { model: 'model' } });
    const { output } = await aligned(folder, { x: { model: 'aligned' }, y: { model: 'aligned' } }, 'again');
    const photo = join(folder, 'photos/dark-red.png');
    using source = await open(first.output);
    const rows = {
      x: await source.embed('image', [photo], { normalize: false }),
      y: await source.embed('text', [texts[0]!], { normalize: false }),
    };
    await rm(first.output, { recursive: true });
    using space = await open(output);
    const image = await space.embed('image', [photo], { normalize: false });
    expectClose(image.data, await projected(output, 'x', rows.x.data), 1e-5);
    const text = await space.embed('text', [texts[0]!], { normalize: false });
    expectClose(text.data, await projected(output, 'y', rows.y.data), 1e-5);
  });

  it('whose heads are not what its configuration says is not downloaded', async () => {
    const { folder } = await trainedFolder();
    const { output } = await aligned(folder, { x: { model: 'model' }, y: { model: 'model' } });
    await download(output);
    await withoutArray(output, 'image.bias');
    await expect(download(output)).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      message: expect.stringContaining('image.bias') as string,
    });
  });

  it.each([
    ['vocab.json', '{"words":["a"],"weights":[1]}', 'CONFIG_INVALID', 'different words and as many weights'],
    [
      'config.json',
      '{"model_type":"aligned","dim":4,"image":{"inputs":4},"text":{"kind":"bag","inputs":3}}',
      'CONFIG_INVALID',
      'kind',
    ],
    [
      'config.json',
      '{"model_type":"aligned","dim":4,"tower":1}',
      'CONFIG_INVALID',
      'tower: expected one of the fields',
    ],
  ])('with a wrong %s is refused', async (name, content, code, message) => {
    const folder = await colourData();
    const x = { features: 'features.npy', order: 'order.json' };
    const { output } = await aligned(folder, { x, y: { tfidf: { minCount: 1 } } });
    expect(JSON.parse(await readFile(join(output, 'config.json'), 'utf8'))).toMatchObject({ model_type: 'aligned' });
    await writeFile(join(output, name), content);
    await expect(open(output)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

it.each(['model', 'aligned'])(
  'a head that train makes over our %s embeds images as one over any other',
  async (name) => {
    const { folder } = await trainedFolder();
    if (name === 'aligned') await aligned(folder, { x: { model: 'model' }, y: { model: 'model' } });
    const { validation, captions, images } = onPixels.data;
    const head = { ...onPixels, data: { validation, captions, images, backbone: name } };
    const config = await configFile(
      folder,
      { ...head, model: { ...head.model, image: { kind: 'features' } } },
      'head.json',
    );
    const run = await runCli(['train', config, '--output', join(folder, 'head')]);
    expect(run.code).toBe(0);
    using space = await open(join(folder, 'head'));
    expect(space.modalities).toEqual(['text', 'image']);
    await withoutArray(join(folder, 'head'), 'image.weight');
    await expect(download(join(folder, 'head'))).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
  },
);
