import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embedder } from '@diptych/evaluation';
import type { ImageInput } from '@diptych/preprocessing';
import type { EmbeddingSpace } from 'diptych';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colours, colourWorkspace } from './workspace.ts';

const names = Object.keys(colours) as (keyof typeof colours)[];
const lines = names.map((name) => ({ image: `${name}.png`, captions: [name, `a ${name}`], split: 'test' }));

/** Evaluates the model of colours on photos of one colour each, with two captions that name it. */
async function evaluate(data: readonly object[], ...args: readonly string[]) {
  const { root, folder, modelArgs } = await colourWorkspace(names);
  const file = join(root, 'captions.jsonl');
  await writeFile(file, data.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { root, file, run: await runCli(['evaluate', ...modelArgs, file, '--images', folder, ...args]) };
}

describe('evaluate', () => {
  it('finds every colour by its name and every name by its colour', async () => {
    const { run } = await evaluate(lines);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(run)).toEqual([
      expect.objectContaining({
        images: 4,
        captions: 8,
        'image_retrieval_recall@1': 1,
        'text_retrieval_recall@1': 1,
        rsum: 600,
      }),
    ]);
  });

  it('judges one split, and counts captions that name another colour', async () => {
    const wrong = lines.map((line, i) => (i === 0 ? { ...line, captions: ['green', 'red'] } : line));
    const { run } = await evaluate(
      wrong.map((line, i) => (i === 3 ? { ...line, split: 'train' } : line)),
      '--split',
      'test',
    );
    expect(jsonLines(run)).toEqual([expect.objectContaining({ images: 3, 'image_retrieval_recall@1': 5 / 6 })]);
    const other = await evaluate(lines, '--split', 'train');
    expect(other.run).toMatchObject({ code: 2, stdout: '' });
    expect(other.run.stderr).toContain("split 'train'");
  });

  it('prints a table for people, with intervals', async () => {
    const { run } = await evaluate(lines, '--format', 'table');
    expect(run.stdout).toMatch(
      /^metric +value +95 % interval\nimage_retrieval_recall@1 +1\.0000 +1\.0000 to 1\.0000\n/,
    );
  });

  it('writes a report whose plots are there', async () => {
    const { root } = await colourWorkspace([]);
    const folder = join(root, 'new/report');
    const { run } = await evaluate(lines, '--output', folder);
    expect(run.code).toBe(0);
    const files = await readdir(folder);
    const markdown = await readFile(join(folder, 'report.md'), 'utf8');
    const links = [...markdown.matchAll(/\]\(\.\/(.*?)\)/g)].map((match) => match[1]!);
    expect(files.toSorted()).toEqual([...links, 'report.json', 'report.md'].toSorted());
    expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toMatchObject({ images: 4, captions: 8 });
  });

  it('maps by UMAP on request', async () => {
    const { root } = await colourWorkspace([]);
    const maps = await Promise.all(
      ['pca', 'umap'].map(async (map) => {
        const { run } = await evaluate(lines, '--output', join(root, map), '--map', map);
        expect(run).toMatchObject({ code: 0, stderr: '' });
        const report = JSON.parse(await readFile(join(root, map, 'report.json'), 'utf8')) as { map: object };
        return report.map;
      }),
    );
    const point = [expect.any(Number) as number, expect.any(Number) as number];
    expect(maps[1]).toEqual({ images: [point, point, point, point], captions: [point, point, point, point] });
    expect(maps[1]).not.toEqual(maps[0]);
  });

  it('refuses a file of another kind and an image that is missing', async () => {
    const { root, modelArgs } = await colourWorkspace();
    const kind = await runCli(['evaluate', ...modelArgs, join(root, 'captions.txt')]);
    expect(kind).toMatchObject({ code: 2 });
    expect(kind.stderr).toContain('UNSUPPORTED');
    const { run } = await evaluate([{ image: 'purple.png', captions: ['purple'] }]);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('purple.png');
  });

  it('an open space embeds the corpus of the mixed-modality protocol', () => {
    expectTypeOf<EmbeddingSpace>().toExtend<Embedder<ImageInput>>();
  });
});
