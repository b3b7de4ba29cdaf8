import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors, rewriteSafetensors } from '@diptych/checkpoint';
import type { Checkpoint } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { directory } from '@diptych/files/node';
import { describeGolden, goldenPath } from '@diptych/golden';
import { tuneFile } from '@diptych/training/node';
import { open, openTrainable } from 'diptych';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

interface Epoch {
  readonly loss: number;
  readonly rsum: number;
}

const settings = {
  data: { captions: 'captions.jsonl', images: 'photos', validation: 'val' },
  loss: { kind: 'infoNce' },
  optimizer: { kind: 'adamW', learningRate: 0.003 },
  epochs: 2,
  batchSize: 6,
};

async function tuned(base: string, config: object = {}) {
  const folder = await colourData();
  const output = join(folder, 'model');
  const path = await configFile(folder, { ...settings, ...config });
  return { folder, output, run: await runCli(['train', path, '--from', base, '--output', output]) };
}

async function weightsIn(folder: string, name = 'model.safetensors'): Promise<Checkpoint> {
  return openSafetensors((await directory(folder).open(name))!);
}

/** Names of the arrays that differ. */
async function changed(before: string, after: string): Promise<readonly string[]> {
  const [old, now] = [await weightsIn(before), await weightsIn(after)];
  expect(now.names).toEqual(old.names);
  const differ = [...old.names].map(async (name) => {
    const [a, b] = [await old.read(name), await now.read(name)];
    return a.data.some((value, i) => value !== b.data[i]) ? [name] : [];
  });
  return (await Promise.all(differ)).flat();
}

/** The same model in halves. */
async function inHalves(from: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(from, folder, { recursive: true });
  const old = await weightsIn(from);
  const arrays = new Map<string, Float32Array>();
  for (const name of old.names) arrays.set(name, (await old.read(name)).data as Float32Array);
  let at = 0;
  const entries = [...arrays].map(([name, { length }]) => {
    const offsets = [at, (at += 2 * length)];
    return [name, { dtype: 'F16', shape: old.shape(name), data_offsets: offsets }] as const;
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const bytes = new Uint8Array(8 + header.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  const source = await blobFiles({ x: new Blob([bytes]) }, 'zeros').open('x');
  await writeFile(join(folder, 'model.safetensors'), await rewriteSafetensors(source!, (name) => arrays.get(name)));
  return folder;
}

/** What every run writes. */
const own = ['checkpoint.safetensors', 'checkpoint.safetensors.previous', 'loss.svg', 'metrics.json', 'TRAINING.md'];
const layer = (tower: string, number: number) => `${tower}_model.encoder.layers.${number}.`;

describeGolden('train --from', () => {
  it('trains all of a CLIP, in the files that it came in', async () => {
    const base = await tinyClipFolder();
    await writeFile(join(base, 'README.md'), 'a card');
    await writeFile(join(base, 'special_tokens_map.json'), '{}');
    const { folder, output, run } = await tuned(base, { epochs: 12 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const epochs = jsonLines<Epoch>(run);
    expect(epochs.at(-1)!.loss).toBeLessThan(0.8 * epochs[0]!.loss);
    const curves = ['recall.svg', 'rsum.svg'];
    expect((await readdir(output)).toSorted()).toEqual([...(await readdir(base)), ...own, ...curves].toSorted());
    for (const name of ['config.json', 'tokenizer.json', 'README.md', 'special_tokens_map.json']) {
      expect(await readFile(join(output, name))).toEqual(await readFile(join(base, name)));
    }
    const names = await changed(base, output);
    expect(names).toContain('logit_scale');
    expect(names).toContain('vision_model.embeddings.patch_embedding.weight');
    for (const one of ['q', 'k', 'v', 'out']) {
      expect(names).toContain(`${layer('text', 0)}self_attn.${one}_proj.weight`);
    }
    const judged = ['evaluate', '--model', output, '--images', join(folder, 'photos'), '--split', 'val'];
    const [metrics] = jsonLines<Epoch>(await runCli([...judged, join(folder, 'captions.jsonl')]));
    expect(metrics!.rsum).toBeCloseTo(Math.max(...epochs.map(({ rsum }) => rsum)), 6);
  });

  it('leaves the image tower as it is: its rows have the same bits', async () => {
    const base = await tinyClipFolder();
    const { folder, output, run } = await tuned(base, { tune: { kind: 'lockedImage' } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const names = await changed(base, output);
    expect(names.filter((name) => name !== 'logit_scale').every((name) => name.startsWith('text_'))).toBe(true);
    expect(names).toContain('text_projection.weight');
    const photo = join(folder, 'photos', 'dark-red.png');
    using before = await open(base);
    using after = await open(output);
    expect((await after.embed('image', photo)).data).toEqual((await before.embed('image', photo)).data);
  });

  it('moves the last blocks of each tower alone, and what follows them', async () => {
    const base = await tinyClipFolder();
    const { output, run } = await tuned(base, { tune: { kind: 'last', blocks: 1 } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const names = await changed(base, output);
    const layers = [...(await weightsIn(base)).names].filter((name) =>
      /^text_model.*layers\.\d+\.mlp\.fc1\.bias$/.test(name),
    );
    const last = layers.length - 1;
    const behind =
      /^(visual_projection|text_projection|logit_scale|text_model\.final_layer_norm|vision_model\.post_layernorm)/;
    for (const name of names) {
      expect(behind.test(name) || ['text', 'vision'].some((one) => name.startsWith(layer(one, last)))).toBe(true);
    }
    expect(names).toContain(`${layer('vision', last)}mlp.fc2.weight`);
    expect(names).toContain('visual_projection.weight');
  });

  it('moves biases alone', async () => {
    const base = await tinyClipFolder();
    const { output, run } = await tuned(base, { tune: { kind: 'bias' } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const names = await changed(base, output);
    expect(names.every((name) => name.endsWith('.bias') || name === 'logit_scale')).toBe(true);
    expect(names).toContain(`${layer('text', 0)}self_attn.q_proj.bias`);
    expect(names).toContain('vision_model.pre_layrnorm.bias');
  });

  it('merges low-rank adapters into the attention and the perceptrons of the blocks', async () => {
    const base = await tinyClipFolder();
    const { output, run } = await tuned(base, { tune: { kind: 'lora', rank: 2, alpha: 4 }, epochs: 3 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const names = await changed(base, output);
    const linear = /^(text|vision)_model\.encoder\.layers\.\d+\.(self_attn\.(q|k|v|out)_proj|mlp\.fc[12])\.weight$/;
    const wanted = [...(await weightsIn(base)).names].filter((name) => linear.test(name));
    expect(names.toSorted()).toEqual(['logit_scale', ...wanted].toSorted());
    using space = await open(output);
    expect(space.architecture).toBe('clip');
  });

  it('saves low-rank adapters alone, under the names of PEFT, and opens the model with them', async () => {
    const base = await tinyClipFolder();
    const targets = ['q_proj', 'vision_model.encoder.layers.0.mlp.fc2'];
    const tune = { kind: 'lora', rank: 2, alpha: 3, targets, save: 'adapter' };
    const { folder, output, run } = await tuned(base, { tune, epochs: 3 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const epochs = jsonLines<Epoch>(run);
    const written = ['adapter_config.json', 'adapter_model.safetensors', 'recall.svg', 'rsum.svg'];
    expect((await readdir(output)).toSorted()).toEqual([...written, ...own].toSorted());

    const before = await weightsIn(base);
    const adapter = await weightsIn(output, 'adapter_model.safetensors');
    const wanted = [...before.names].filter((name) =>
      /q_proj\.weight$|^vision.*layers\.0\.mlp\.fc2\.weight$/.test(name),
    );
    const names = wanted.flatMap((name) =>
      ['A', 'B'].map((one) => `base_model.model.${name.replace(/weight$/, `lora_${one}.weight`)}`),
    );
    expect([...adapter.names].toSorted()).toEqual(names.toSorted());
    const config = JSON.parse(await readFile(join(output, 'adapter_config.json'), 'utf8')) as object;
    const modules = wanted.map((name) => name.replace(/\.weight$/, ''));
    const known = { peft_type: 'LORA', r: 2, lora_alpha: 3, bias: 'none', use_rslora: false, fan_in_fan_out: false };
    expect(config).toMatchObject(known);
    expect((config as { target_modules: string[] }).target_modules.toSorted()).toEqual(modules.toSorted());

    // What PEFT would add, written into the weights by hand.
    const merged = await temporaryFolder();
    await cp(base, merged, { recursive: true });
    const added = new Map<string, Float32Array>();
    for (const name of wanted) {
      const of = (one: string) => adapter.read(`base_model.model.${name.replace(/weight$/, `lora_${one}.weight`)}`);
      const [A, B] = [(await of('A')).data as Float32Array, (await of('B')).data as Float32Array];
      const [, inputs] = before.shape(name) as [number, number];
      const values = ((await before.read(name)).data as Float32Array).map((value, at) => {
        const [row, column] = [Math.floor(at / inputs), at % inputs];
        return value + 1.5 * (B[2 * row]! * A[column]! + B[2 * row + 1]! * A[inputs + column]!);
      });
      added.set(name, values);
    }
    const source = (await directory(base).open('model.safetensors'))!;
    await writeFile(join(merged, 'model.safetensors'), await rewriteSafetensors(source, (name) => added.get(name)));
    const photo = join(folder, 'photos', 'dark-red.png');
    using expected = await open(merged);
    using found = await open(base, { adapter: output });
    const [a, b] = [await found.embed('image', photo), await expected.embed('image', photo)];
    expect(Math.max(...a.data.map((x, i) => Math.abs(x - b.data[i]!)))).toBeLessThan(1e-6);

    const judged = ['evaluate', '--model', base, '--adapter', output, '--images', join(folder, 'photos')];
    const [metrics] = jsonLines<Epoch>(await runCli([...judged, '--split', 'val', join(folder, 'captions.jsonl')]));
    expect(metrics!.rsum).toBeCloseTo(Math.max(...epochs.map(({ rsum }) => rsum)), 6);
  });

  it('moves a layer by so much less, the further it is from the end', async () => {
    const base = await tinyClipFolder();
    // A step of plain descent moves by the rate times the gradient, of which the decay is no part.
    const one = { epochs: 1, batchSize: 12, accumulate: 2, optimizer: { kind: 'sgd', learningRate: 1 } };
    const whole = await tuned(base, one);
    const decayed = await tuned(base, { ...one, tune: { layerDecay: 0.5 } });
    expect([whole.run.code, decayed.run.code]).toEqual([0, 0]);
    const moved = async (output: string, name: string) => {
      const [a, b] = [await (await weightsIn(base)).read(name), await (await weightsIn(output)).read(name)];
      return Math.hypot(...Array.from(b.data as Float32Array, (value, i) => value - (a.data as Float32Array)[i]!));
    };
    const layers = [...(await weightsIn(base)).names].filter((name) =>
      /^text_model.*layers\.\d+\.mlp\.fc1\.bias$/.test(name),
    );
    const places: readonly (readonly [string, number])[] = [
      ['text_projection.weight', 0],
      [`${layer('text', layers.length - 1)}mlp.fc1.weight`, 1],
      [`${layer('text', 0)}mlp.fc1.weight`, layers.length],
      ['text_model.embeddings.position_embedding.weight', layers.length + 1],
    ];
    for (const [name, behind] of places) {
      const ratio = (await moved(decayed.output, name)) / (await moved(whole.output, name));
      expect(ratio).toBeCloseTo(0.5 ** behind, 3);
    }
  });

  it('has the same gradients in chunks, and of accumulated batches the mean', async () => {
    const base = await tinyClipFolder();
    const one = {
      epochs: 2,
      batchSize: 8,
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      data: { ...settings.data, validation: undefined },
    };
    const [whole, chunked] = [await tuned(base, one), await tuned(base, { ...one, chunk: 3 })];
    expect([whole.run.code, chunked.run.code]).toEqual([0, 0]);
    const [a, b] = [await weightsIn(whole.output), await weightsIn(chunked.output)];
    for (const name of a.names) {
      const [x, y] = [(await a.read(name)).data as Float32Array, (await b.read(name)).data as Float32Array];
      for (const [i, value] of x.entries()) expect(Math.abs(value - y[i]!)).toBeLessThan(2e-6);
    }
  });

  it('keeps halves', async () => {
    const base = await tinyClipFolder();
    const halves = await inHalves(base);
    const { output, run } = await tuned(halves);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const file = await readFile(join(output, 'model.safetensors'));
    expect(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString()).toContain('"dtype":"F16"');
    expect(file).toHaveLength((await readFile(join(halves, 'model.safetensors'))).length);
    expect((await changed(halves, output)).length).toBeGreaterThan(20);
    using space = await open(output);
    expect(space.architecture).toBe('clip');
  });

  it('writes what torch saved as safetensors, which both sides prefer', async () => {
    const base = await tinyClipFolder();
    const folder = await colourData();
    const output = join(folder, 'model');
    using opened = await openTrainable(base);
    const read = opened.read.map((path) => path.replace('model.safetensors', 'pytorch_model.bin'));
    const path = await configFile(folder, settings);
    for await (const _ of tuneFile(path, { output, from: { ...opened, read } }));
    expect((await changed(base, output)).length).toBeGreaterThan(20);
    expect(await readdir(output)).not.toContain('pytorch_model.bin');
    using space = await open(output);
    expect(space.architecture).toBe('clip');
  });

  it('refuses what the model knows better, and what cannot be trained', async () => {
    const base = await tinyClipFolder();
    for (const [config, message] of [
      [{ loss: { kind: 'infoNce', scale: 10 } }, 'train.json: loss: scale: expected none, since the model has its own'],
      [{ loss: { kind: 'order' } }, 'expected one that compares by cosine'],
      [{ tune: { kind: 'some' } }, 'train.json: tune: kind: expected one of whole, lockedImage, last, bias, lora'],
      [{ tune: { layerDecay: 0 } }, 'train.json: tune: layerDecay: expected a number above 0'],
      [{ tune: { kind: 'lora', save: 'both' } }, 'train.json: tune: save: expected one of merged, adapter'],
      [{ tune: { kind: 'lora', targets: ['query'] } }, 'tune: targets: expected some of '],
      [{ tune: { kind: 'lora', targets: 'q_proj' } }, 'train.json: tune: targets: expected a list of names of modules'],
      [{ tune: { kind: 'last' } }, 'train.json: tune: blocks: expected a whole number'],
      [{ model: {} }, 'train.json: model: expected one of the fields data, tune'],
      [{ data: { ...settings.data, backbone: 'photos' } }, 'train.json: data: backbone: expected one of the fields'],
    ] as const) {
      const { run } = await tuned(base, config);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain(message);
    }
    const { run } = await tuned(goldenPath('oracles/tiny_bert'));
    expect(run.stderr).toContain('expected a model of texts and images, got of texts');
  });
});
