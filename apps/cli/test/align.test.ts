import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cca, moments, relativeRidge } from '@diptych/alignment';
import { openSafetensors } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile, onPixels, writeNpy } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

/** Two views of the same three numbers, mixed otherwise in each, with a little noise. */
function views(n: number): { x: number[][]; y: number[][] } {
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  const rows = Array.from({ length: n }, () => [random(), random(), random()] as const);
  const noise = () => 0.02 * random();
  return {
    x: rows.map(([a, b, c]) => [a + b + noise(), b - c + noise(), c + noise(), a + noise()]),
    y: rows.map(([a, b, c]) => [c - a + noise(), a + noise(), b + noise(), 0.5 * noise(), b + c + noise()]),
  };
}

async function fileWorkspace(n: number) {
  const folder = await temporaryFolder();
  const { x, y } = views(n);
  await writeNpy(join(folder, 'x.npy'), x);
  await writeNpy(join(folder, 'y.npy'), y);
  return { folder, x, y, output: join(folder, 'aligned') };
}

const files = { x: { features: 'x.npy' }, y: { features: 'y.npy' } };

async function align(folder: string, config: object) {
  const path = await configFile(folder, config, 'align.json');
  return runCli(['align', path, '--output', join(folder, 'aligned')]);
}

describe('align', () => {
  it('gives the projections of the whole from chunks of two files, and judges them on rows kept', async () => {
    const { folder, x, y, output } = await fileWorkspace(300);
    const run = await align(folder, { ...files, holdOut: 50, components: 3, ridge: [0.01, 0.02], chunk: 37 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const rows = (view: number[][]) => {
      const kept = view.slice(0, 250);
      return { data: Float32Array.from(kept.flat()), shape: [250, view[0]!.length] as const };
    };
    const whole = await moments(rows(x), rows(y));
    const ridge = [relativeRidge(whole, 0.01)[0], relativeRidge(whole, 0.02)[1]] as const;
    const expected = await cca(whole, { components: 3, ridge });
    const file = await openSafetensors((await directory(output).open('projections.safetensors'))!);
    for (const [name, data] of Object.entries({
      values: expected.values,
      'x.mean': expected.x.mean,
      'x.weights': expected.x.weights.data,
      'y.mean': expected.y.mean,
      'y.weights': expected.y.weights.data,
    })) {
      expectClose((await file.read(name)).data as Float64Array, data, 1e-9);
    }
    const [facts] = jsonLines<Record<string, unknown>>(run);
    expect(facts).toMatchObject({ pairs: 250, columns: [4, 5], components: 3, warnings: [] });
    expect(facts!['image_retrieval_recall@1']).toBeGreaterThan(0.9);
    expect(await readdir(output)).toEqual(expect.arrayContaining(['alignment.json', 'report.md', 'recall.svg']));
    expect(JSON.parse(await readFile(join(output, 'alignment.json'), 'utf8'))).toEqual(facts);
  });

  it('prints a table for people', async () => {
    const { folder } = await fileWorkspace(60);
    const path = await configFile(folder, { ...files, holdOut: 20 }, 'align.json');
    const run = await runCli(['align', path, '--output', join(folder, 'aligned'), '--format', 'table']);
    expect(run.stdout).toMatch(/^pairs +40\ncolumns +4,5\ncomponents +4\n/);
    expect(run.stdout).toMatch(/\nrsum +\d+.*\nfirst correlations +0\.\d{4} 0\.\d{4} 0\.\d{4}\n$/);
  });

  it('warns where there are too few pairs and no ridge', async () => {
    const { folder } = await fileWorkspace(4);
    const run = await align(folder, { ...files, ridge: 0 });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('diptych: cca: x has 4 columns, of rank 3, in 4 rows');
    expect(jsonLines(run)[0]).toMatchObject({ warnings: ['TOO_FEW_ROWS', 'TOO_FEW_ROWS'] });
  });

  it('warns where there are fewer components than it was told to find', async () => {
    const { folder } = await fileWorkspace(60);
    const run = await align(folder, { ...files, components: 5 });
    const stderr = 'diptych: components: expected at most the 4 that there are, got 5\n';
    expect(run).toMatchObject({ code: 0, stderr });
    expect(jsonLines(run)[0]).toMatchObject({ components: 4, warnings: ['FEWER_COMPONENTS'] });
  });

  it('refuses words that are too rare', async () => {
    const folder = await colourData();
    const x = { features: 'features.npy', order: 'order.json' };
    const run = await align(folder, { x, y: { tfidf: { minCount: 99 } }, data: { captions: 'captions.jsonl' } });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(
      'INPUT_INVALID: captions: expected words that occur in at least 99 captions, got none',
    );
  });

  it('aligns features of images with the words of their captions', async () => {
    const folder = await colourData();
    const data = { captions: 'captions.jsonl', images: 'photos', test: 'val' };
    const x = { features: 'features.npy', order: 'order.json' };
    const run = await align(folder, { x, y: { tfidf: { minCount: 1 } }, data, ridge: 0.05 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines<{ rsum: number }>(run)[0]!.rsum).toBeGreaterThan(450);
    const file = await openSafetensors((await directory(join(folder, 'aligned')).open('projections.safetensors'))!);
    expect(JSON.parse(file.metadata.get('words')!)).toEqual(expect.arrayContaining(['dark', 'green']));
  });

  it('aligns what models make of images and captions', async () => {
    const folder = await colourData();
    const model = join(folder, 'model');
    const config = await configFile(folder, { ...onPixels, epochs: 20, loss: { kind: 'infoNce' } });
    expect(await runCli(['train', config, '--output', model])).toMatchObject({ code: 0 });
    const data = { captions: 'captions.jsonl', images: 'photos', test: 'val' };
    const run = await align(folder, { x: { model: 'model' }, y: { model: 'model' }, data, ridge: 0.05, components: 6 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(run)[0]).toMatchObject({ pairs: 24, columns: [8, 8], components: 6 });
  });

  it.each<[string, object]>([
    ['align.json: z: expected one of the fields', { ...files, z: 1 }],
    ['align.json: x: expected one of features, model, tfidf, got', { y: files.y }],
    ['align.json: x: features: expected a file or folder, got none', { ...files, x: { features: 'none.npy' } }],
    ["features without order as x and y where there is no 'data'", { ...files, y: { tfidf: {} } }],
    ['x of images (features with order, or model)', { ...files, data: { captions: 'x.npy' } }],
    ['align.json: ridge: expected a number of at least 0, or two, got [1]', { ...files, ridge: [1] }],
    ['align: holdOut: expected less than all 20 rows, got 20', { ...files, holdOut: 20 }],
  ])('refuses a configuration that is wrong: %s', async (message, config) => {
    const { folder } = await fileWorkspace(20);
    const run = await align(folder, config);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
