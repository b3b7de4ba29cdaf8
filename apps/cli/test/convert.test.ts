import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { featureModelFolder } from './feature-model.ts';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { temporaryFolder } from './workspace.ts';

const texts = ['embed', '--modality', 'text', 'a dog', 'two cats'];

describeGolden('convert', () => {
  it.each(['float32', 'int16', 'int8'])('%s opens packed, with the same embeddings to the bit', async (dtype) => {
    const model = await tinyClipFolder();
    const output = join(await temporaryFolder(), 'packed');
    const converted = await runCli(['convert', '--model', model, '--dtype', dtype, '--output', output]);
    expect(converted).toMatchObject({ code: 0, stderr: '' });
    const [before, after] = await Promise.all([
      runCli([...texts, '--model', model, '--dtype', dtype]),
      runCli([...texts, '--model', output]),
    ]);
    expect(after.code).toBe(0);
    expect(jsonLines(after)).toEqual(jsonLines(before));
    expect(jsonLines(await runCli(['info', '--model', output]))).toEqual([expect.objectContaining({ dtype })]);
    const again = await runCli([...texts, '--model', output, '--dtype', dtype]);
    expect(jsonLines(again)).toEqual(jsonLines(before));
  });

  it('another type or layout than that of the file is refused', async () => {
    const output = join(await temporaryFolder(), 'packed');
    await runCli(['convert', '--model', await tinyClipFolder(), '--dtype', 'int8', '--output', output]);
    const other = await runCli([...texts, '--model', output, '--dtype', 'int16']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('expected int16, got int8') });
    const path = join(output, 'model.safetensors');
    const text = (await readFile(path)).toString('latin1');
    expect(text.match(/"diptych\.layout":"2"/g)).toHaveLength(1);
    await writeFile(path, text.replace('"diptych.layout":"2"', '"diptych.layout":"9"'), 'latin1');
    const layout = await runCli([...texts, '--model', output]);
    expect(layout).toMatchObject({ code: 2, stderr: expect.stringContaining('expected layout 2, got 9') });
    await writeFile(path, text, 'latin1');
    expect((await runCli([...texts, '--model', output])).code).toBe(0);
  });

  it('the folder of the model itself is refused', async () => {
    const model = await tinyClipFolder();
    const before = await readFile(join(model, 'model.safetensors'));
    expect(await runCli(['convert', '--model', model, '--output', model])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected another folder than the model, got its own'),
    });
    expect(await readFile(join(model, 'model.safetensors'))).toEqual(before);
  });

  it.each([
    ['st-bge', '1_Pooling/config.json', 'model.safetensors'],
    ['st-clip-2021', '0_CLIPModel/config.json', '0_CLIPModel/model.safetensors'],
    ['dual-laion', 'open_clip_config.json', 'open_clip_model.safetensors'],
    ['openclip-bin', 'open_clip_config.json', 'open_clip_model.safetensors'],
    ['clip-hf-sharded', 'config.json', 'model.safetensors'],
    ['clip-hf-v5', 'processor_config.json', 'model.safetensors'],
  ])('%s keeps all that opening it reads, and its weights in their place', async (kind, described, weights) => {
    const model = goldenPath(`zoo/kinds/${kind}`);
    const output = join(await temporaryFolder(), 'packed');
    expect(await runCli(['convert', '--model', model, '--dtype', 'int8', '--output', output])).toMatchObject({
      code: 0,
    });
    const kept = (await readdir(output, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
    expect(kept).toContain(described);
    expect(kept.filter((path) => /\.(safetensors|bin|index\.json)$/.test(path))).toEqual([weights]);
    const [before, after] = await Promise.all([
      runCli([...texts, '--model', model, '--dtype', 'int8']),
      runCli([...texts, '--model', output]),
    ]);
    expect(after.code).toBe(0);
    expect(jsonLines(after)).toEqual(jsonLines(before));
  });

  it('a model over features of a frozen network keeps the arrays of both apart', async () => {
    const model = await featureModelFolder();
    const output = join(await temporaryFolder(), 'packed');
    expect(await runCli(['convert', '--model', model, '--dtype', 'int16', '--output', output])).toMatchObject({
      code: 0,
    });
    const embed = ['embed', '--modality', 'image', goldenPath('zoo/items/a.png')];
    const before = await runCli([...embed, '--model', model, '--dtype', 'int16']);
    const after = await runCli([...embed, '--model', output]);
    expect(after).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(after)).toEqual(jsonLines(before));
  });

  // Last: a process stays on the backend that it is on.
  it('another backend than wasm is refused', async () => {
    const output = join(await temporaryFolder(), 'packed');
    await runCli(['convert', '--model', await tinyClipFolder(), '--dtype', 'int8', '--output', output]);
    const plain = await runCli([...texts, '--model', output, '--backend', 'cpu']);
    expect(plain).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('packed weights: expected the kernels of the wasm backend, got cpu'),
    });
  });
});
