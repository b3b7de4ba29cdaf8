import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { losses } from '@diptych/training';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures } from './training-data.ts';

interface Line {
  readonly id: string;
  readonly captions: readonly string[];
  readonly split: string;
}

/** The colours of `colourData` with their hue in a column of its own. */
async function hueData(): Promise<{ folder: string; lines: readonly (Line & { hue: string })[] }> {
  const folder = await colourData();
  const text = await readFile(join(folder, 'captions.jsonl'), 'utf8');
  const lines = jsonLines<Line>({ stdout: text }).map((line) => {
    const [, hue] = /-(\w+)\.png$/.exec(line.id)!;
    return { ...line, hue: hue! };
  });
  await writeLines(folder, lines);
  return { folder, lines };
}

async function writeLines(folder: string, lines: readonly object[]): Promise<void> {
  await writeFile(join(folder, 'captions.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const labelled = { ...onFeatures.data, labels: 'hue' };

async function train(folder: string, config: object, ...args: readonly string[]) {
  const path = await configFile(folder, { ...onFeatures, ...config });
  return runCli(['train', path, '--output', join(folder, 'model'), ...args]);
}

describe('train with labels', () => {
  it.each(Object.keys(losses))('%s learns from a column of them, and its model opens', async (kind) => {
    const { folder } = await hueData();
    const run = await train(folder, { data: labelled, loss: { kind }, epochs: 20 });
    expect(run.code).toBe(0);
    const rsums = jsonLines<{ rsum: number }>(run).map(({ rsum }) => rsum);
    // Chance alone gives 247 of twelve images with two captions each.
    expect(Math.max(...rsums)).toBeGreaterThan(350);
    const embed = ['embed', '--model', join(folder, 'model'), '--modality', 'text', 'a dark red wall'];
    expect(jsonLines<{ embedding: number[] }>(await runCli(embed))[0]!.embedding).toHaveLength(8);
  });

  it('brings images of one class together, where without labels they are kept apart', async () => {
    const lossOf = async (labels: string | undefined) => {
      const { folder } = await hueData();
      const run = await train(folder, { data: { ...labelled, labels }, loss: { kind: 'vse0' }, epochs: 1 });
      return jsonLines<{ loss: number }>(run)[0]!.loss;
    };
    // Rows of one label are no negatives, so that fewer hinges count.
    expect(await lossOf('hue')).toBeLessThan(await lossOf(undefined));
  });

  it('reads them from CSV, as text', async () => {
    const { folder, lines } = await hueData();
    const rows = lines.map(({ id, captions, split, hue }) => [id, id, captions[0], split, hue]);
    const text = [['id', 'image', 'caption', 'split', 'hue'], ...rows].map((row) => row.join(';')).join('\n');
    await writeFile(join(folder, 'captions.csv'), `${text.replaceAll(',', '').replaceAll(';', ',')}\n`);
    const data = { ...labelled, captions: 'captions.csv' };
    expect(await train(folder, { data, loss: { kind: 'supCon' } })).toMatchObject({ code: 0, stderr: '' });
  });

  it('goes on with the same labels only', async () => {
    const { folder, lines } = await hueData();
    const loss = { kind: 'proxyAnchor' };
    expect(await train(folder, { data: labelled, loss })).toMatchObject({ code: 0 });
    expect(await train(folder, { data: labelled, loss, epochs: 3 }, '--resume')).toMatchObject({ code: 0 });
    await writeLines(
      folder,
      lines.map((line) => (line.hue === 'cyan' ? { ...line, hue: 'blue' } : line)),
    );
    const run = await train(folder, { data: labelled, loss, epochs: 4 }, '--resume');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('got another labels') });
  });

  it('names the field where a loss needs them and none are named', async () => {
    const { folder } = await hueData();
    const run = await train(folder, { loss: { kind: 'supCon' } });
    const message =
      "CONFIG_INVALID: train.json: data: labels: expected the name of a column, which the loss 'supCon' needs, got none";
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('names the image and the column where a label is missing', async () => {
    const { folder } = await hueData();
    const run = await train(folder, { data: { ...labelled, labels: 'shade' }, loss: { kind: 'circle' } });
    const message = 'INPUT_INVALID: train/dark-red.png: shade: expected a label as text or a number, got none';
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});
