import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embeddings } from '@diptych/core';
import { useBackend } from '@diptych/backend-wasm';
import { describeGolden, goldenPath } from '@diptych/golden';
import * as tf from '@tensorflow/tfjs-core';
import { type Modality, open, type OpenOptions } from 'diptych';
import { beforeAll, describe, expect, it } from 'vitest';
import { agreement } from '../src/bench/agreement.ts';
import type { BenchReport } from '../src/bench/bench-report.ts';
import { interleave, spread } from '../src/bench/speed.ts';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourWorkspace, temporaryFolder } from './workspace.ts';

beforeAll(() => useBackend('wasm'));

type Rows = readonly (readonly number[])[];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Lowest and mean cosine of rows with rows. */
function cosines(rows: Rows, reference: Rows) {
  const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, k) => value * b[k]!));
  const each = rows.map((row, i) => dot(row, reference[i]!) / Math.hypot(...row) / Math.hypot(...reference[i]!));
  const near = (value: number) => expect.closeTo(value, 9) as number;
  return { lowest: near(Math.min(...each)), mean: near(sum(each) / each.length) };
}

/** The agreement of rows with a reference, from the formula. */
function expected(rows: Rows, reference: Rows) {
  const mean = reference[0]!.map((_, k) => sum(reference.map((row) => row[k]!)) / reference.length);
  const centre = (all: Rows) => all.map((row) => row.map((value, k) => value - mean[k]!));
  return {
    cosine: cosines(rows, reference),
    centred: cosines(centre(rows), centre(reference)),
    recall: recall(rows, reference),
  };
}

/** Share of the rows, of length 1, whose nearest other row is the same in both. */
function recall(rows: Rows, reference: Rows): number {
  const nearest = (all: Rows) =>
    all.map((row, i) => {
      const scores = all.map((other, j) => (i === j ? -2 : sum(row.map((value, k) => value * other[k]!))));
      return scores.indexOf(Math.max(...scores));
    });
  const [ours, theirs] = [nearest(rows), nearest(reference)];
  return ours.filter((place, i) => place === theirs[i]).length / rows.length;
}

function listed({ data, shape: [n, dim] }: Embeddings): Rows {
  return Array.from({ length: n }, (_, i) => [...data.subarray(i * dim, (i + 1) * dim)]);
}

async function embed(model: string, options: OpenOptions, modality: Modality, items: readonly string[]) {
  using space = await open(model, options);
  return listed(await space.embed(modality, items));
}

describeGolden('bench of a tiny CLIP', () => {
  it('prints the cosines of its embeddings with those in float32', async () => {
    const model = await tinyClipFolder();
    const photos = goldenPath('golden/mira/images');
    const texts = ['a dog', 'two cats on a mat', 'red', 'the sea at night'];
    const file = join(await temporaryFolder(), 'texts.txt');
    await writeFile(file, `${texts.join('\n')}\n\n`);
    const before = tf.memory().numTensors;
    const run = await runCli(['bench', '--model', model, '--images', photos, '--texts', file, '--rounds', '1']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(tf.memory().numTensors).toBe(before);
    const [{ accuracy }] = jsonLines<BenchReport>(run) as [BenchReport];
    const images = (await readdir(photos)).toSorted().map((name) => join(photos, name));
    const wanted = [];
    for (const [modality, items] of [['image', images] as const, ['text', texts] as const]) {
      const reference = await embed(model, {}, modality, items);
      for (const dtype of ['int16', 'int8'] as const) {
        const agreed = expected(await embed(model, { dtype }, modality, items), reference);
        wanted.push({ modality, dtype, mergeTokens: 0, items: items.length, ...agreed });
      }
    }
    expect(accuracy).toEqual(wanted);
    expect(accuracy.every(({ cosine, centred }) => cosine.lowest < 1 && centred!.lowest < cosine.lowest)).toBe(true);
  });

  it('compares images of merged tokens with those of all, and texts as they are', async () => {
    const model = await tinyClipFolder();
    const photos = goldenPath('golden/mira/images');
    const args = ['--images', photos, '--dtype', 'int8', '--merge-tokens', '5', '--rounds', '1', '--batch', '2'];
    const run = await runCli(['bench', '--model', model, ...args]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const [{ model: id, accuracy, speed }] = jsonLines<BenchReport>(run) as [BenchReport];
    expect(id).not.toContain('merge');
    const ways = [
      ['image', 'float32', 0],
      ['image', 'int8', 0],
      ['image', 'float32', 5],
      ['image', 'int8', 5],
      ['text', 'float32', 0],
      ['text', 'int8', 0],
    ];
    expect(speed.map(({ modality, dtype, mergeTokens }) => [modality, dtype, mergeTokens])).toEqual(ways);
    expect(accuracy.map(({ modality, dtype, mergeTokens }) => [modality, dtype, mergeTokens])).toEqual(
      ways.filter(([, dtype, count]) => dtype !== 'float32' || count !== 0),
    );
    const images = (await readdir(photos)).toSorted().map((name) => join(photos, name));
    const reference = await embed(model, {}, 'image', images);
    const merged = expected(await embed(model, { mergeTokens: 5 }, 'image', images), reference);
    expect(accuracy[1]).toEqual({
      modality: 'image',
      dtype: 'float32',
      mergeTokens: 5,
      items: images.length,
      ...merged,
    });
    expect(accuracy[1]!.cosine.lowest).toBeLessThan(0.9999);
  });

  it('measures every type on every batch, and makes inputs up, the same each time', async () => {
    const model = await tinyClipFolder();
    const args = ['bench', '--model', model, '--dtype', 'int8,float32', '--batch', '3,2,3', '--rounds', '3'];
    const [report] = jsonLines<BenchReport>(await runCli([...args, '--threads', '1'])) as [BenchReport];
    expect(report).toMatchObject({ rounds: 3, backend: { name: 'wasm', threads: 1 } });
    expect(report.speed.map(({ modality, dtype, batch }) => [modality, dtype, batch])).toEqual(
      ['image', 'text'].flatMap((modality) =>
        [3, 2].flatMap((batch) => ['float32', 'int8'].map((dtype) => [modality, dtype, batch])),
      ),
    );
    for (const { milliseconds, perSecond, ratio } of report.speed) {
      expect(perSecond).toBe(1000 / milliseconds.median);
      for (const { low, median, high } of [milliseconds, ratio])
        expect([low, median, high]).toEqual([low, median, high].toSorted((a, b) => a - b));
    }
    const own = report.speed.filter(({ dtype }) => dtype === 'float32').map(({ ratio }) => ratio);
    expect(own).toEqual(Array.from({ length: 4 }, () => ({ low: 1, median: 1, high: 1 })));
    expect(report.accuracy).toMatchObject([
      { modality: 'image', dtype: 'int8', items: 32 },
      { modality: 'text', dtype: 'int8', items: 32 },
    ]);
    const [again] = jsonLines<BenchReport>(await runCli([...args, '--threads', '2'])) as [BenchReport];
    expect(again.accuracy).toEqual(report.accuracy);
  });

  it('refuses a model that is converted already: it has no float32', async () => {
    const output = join(await temporaryFolder(), 'packed');
    await runCli(['convert', '--model', await tinyClipFolder(), '--dtype', 'int8', '--output', output]);
    const before = tf.memory().numTensors;
    const run = await runCli(['bench', '--model', output]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('expected float32, got int8');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('bench', () => {
  it('prints tables for people', async () => {
    const { root, folder, modelArgs } = await colourWorkspace();
    const file = join(root, 'texts.txt');
    await writeFile(file, 'red\nblue\n');
    const common = ['bench', ...modelArgs, '--dtype', 'int8', '--batch', '2', '--rounds', '1', '--format', 'table'];
    const { code, stdout } = await runCli([...common, '--images', folder, '--texts', file, '--threads', '1']);
    expect(code).toBe(0);
    const times = String.raw` +float32 +0 +2( +\d+\.\d\d +\d+\.\d\d to \d+\.\d\d) +\d+\.\d +1\.00 +1\.00 to 1\.00\n`;
    expect(stdout).toMatch(
      new RegExp(
        String.raw`^model on wasm, (relaxed-)?simd, threads: 1, rounds: 1\n\nspeed .*\nimage${times}image +int8 +0 .*\ntext${times}text +int8 +0 .*\n\n`,
      ),
    );
    expect(stdout).toMatch(
      /\naccuracy +dtype +merged +items +lowest cosine +mean +lowest centred +mean +same nearest\nimage +int8 +0 +3( +1\.000000){4} +100\.0 %\ntext +int8 +0 +2( +1\.000000){4} +100\.0 %\n$/,
    );
  });

  it('centres nothing where all items are the same', async () => {
    const { folder, modelArgs } = await colourWorkspace(['red']);
    const args = ['bench', ...modelArgs, '--images', folder, '--texts', '-', '--rounds', '1', '--batch', '1'];
    const run = await runCli(args, { stdin: 'green\ngreen' });
    const [{ accuracy }] = jsonLines<BenchReport>(run) as [BenchReport];
    const cosine = { lowest: 1, mean: 1 };
    expect(accuracy).toEqual([
      ...['int16', 'int8'].map((dtype) => ({ modality: 'image', dtype, mergeTokens: 0, items: 1, cosine })),
      ...['int16', 'int8'].map((dtype) => ({ modality: 'text', dtype, mergeTokens: 0, items: 2, cosine, recall: 1 })),
    ]);
  });

  it.each([
    [['--images', '/nowhere'], 'NOT_FOUND: /nowhere'],
    [['--texts', '/nowhere'], 'NOT_FOUND: /nowhere'],
    [['--texts', '-'], 'INPUT_INVALID: -: expected one text a line, got none'],
    [['--dtype', 'int8,float8'], 'Expected some of float32, int16, int8'],
    [['--batch', '1,0'], 'whole number of at least 1'],
    [['--rounds', '0'], 'whole number of at least 1'],
    [['--threads', '65'], 'INPUT_INVALID: threads: expected a whole number from 1 to 64, got 65'],
    [['--backend', 'abacus'], 'BACKEND_UNAVAILABLE'],
    [['--merge-tokens', '0'], 'whole number of at least 1'],
    [['--merge-tokens', '2'], 'mergeTokens: expected a vision transformer with a class token'],
  ])('refuses %j', async (args, message) => {
    const { modelArgs } = await colourWorkspace([]);
    const before = tf.memory().numTensors;
    const { code, stdout, stderr } = await runCli(['bench', ...modelArgs, ...args]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses an image that cannot be read', async () => {
    const { root, modelArgs } = await colourWorkspace([]);
    const file = join(root, 'no.png');
    await writeFile(file, 'no image');
    const { code, stderr } = await runCli(['bench', ...modelArgs, '--images', file]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`IMAGE_INVALID: ${file}`) as string });
  });
});

describe('measuring', () => {
  it('a row is compared with the same row, before and after the mean is subtracted', () => {
    const rows = (...all: readonly number[][]): Embeddings => {
      return {
        precision: 'float32',
        data: Float32Array.from(all.flat()),
        shape: [all.length, all[0]!.length],
        model: 'm',
      };
    };
    const reference = rows([1, 0], [0, 1]);
    expect(agreement(rows([1, 0], [1, 0]), reference)).toEqual({
      cosine: { lowest: 0, mean: 0.5 },
      centred: { lowest: expect.closeTo(-1, 12) as number, mean: expect.closeTo(0, 12) as number },
      recall: 1,
    });
    expect(agreement(reference, reference).centred).toEqual({
      lowest: expect.closeTo(1, 12) as number,
      mean: expect.closeTo(1, 12) as number,
    });
  });

  it('tasks take turns, once more than they are timed', async () => {
    const calls: string[] = [];
    const task = (name: string) => async () => void calls.push(name);
    const rounds: number[] = [];
    const times = await interleave([task('a'), task('b')], 2, (done) => rounds.push(done));
    expect([calls.join(''), rounds, times.map(({ length }) => length)]).toEqual(['ababab', [1, 2], [2, 2]]);
  });

  it('quartiles lie between values', () => {
    expect(spread([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
    expect(spread([7])).toEqual({ low: 7, median: 7, high: 7 });
  });
});
