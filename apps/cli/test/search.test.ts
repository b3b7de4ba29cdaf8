import { chmod, copyFile, readdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

interface Hit {
  readonly query: string;
  readonly rank: number;
  readonly score: number;
  readonly path: string;
}

afterEach(() => vi.unstubAllEnvs());

/** A workspace whose searches count the images that they embed; one of them is the index's own probe. */
async function watched(...photos: (keyof typeof colours)[]) {
  const workspace = await colourWorkspace(photos);
  const log = join(workspace.root, 'seen');
  vi.stubEnv('COLOUR_LOG', log);
  return {
    ...workspace,
    index: join(workspace.folder, '.diptych', 'model', 'rows.log'),
    async search(...args: string[]) {
      await rm(log, { force: true });
      const run = await runCli(['search', ...workspace.modelArgs, '--images', workspace.folder, ...args]);
      const embedded = (await readFile(log, 'utf8').catch(() => 'image\n')).split('image').length - 2;
      return { ...run, embedded, hits: run.code < 2 ? jsonLines<Hit>(run) : [] };
    },
  };
}

const paths = (hits: readonly Hit[]) => hits.map(({ path }) => path);

it('ranks images by their cosine with each text', async () => {
  const { folder, search } = await watched('red', 'green', 'yellow');
  const { hits, code, stderr } = await search('a red', 'green', '--top-k', '2');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const score = expect.closeTo(Math.SQRT1_2, 6) as number;
  expect(hits).toEqual([
    { query: 'a red', rank: 1, score: 1, path: join(folder, 'red.png') },
    { query: 'a red', rank: 2, score, path: join(folder, 'yellow.png') },
    { query: 'green', rank: 1, score: 1, path: join(folder, 'green.png') },
    { query: 'green', rank: 2, score, path: join(folder, 'yellow.png') },
  ]);
});

it('searches by image, and prints a table on a terminal', async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red', 'blue']);
  const query = join(root, 'query.png');
  await plainImage(query, colours.blue);
  const args = ['search', ...modelArgs, '--quiet', '--images', folder, '--image', query];
  const { stdout } = await runCli(args, { tty: true });
  expect(stdout).toBe(`${query}\n  1.000  ${folder}/blue.png\n  0.000  ${folder}/red.png\n`);
});

it('takes what is not wanted away, in quotes nothing, and joins words with an image', async () => {
  const { root, folder, search } = await watched('red', 'green', 'yellow', 'blue');
  const first = async (...args: string[]) => {
    const { hits, code, stderr } = await search(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return hits.filter(({ rank }) => rank === 1).map(({ query, path }) => [query, path.slice(folder.length + 1)]);
  };
  expect(await first('yellow - red', 'yellow -red', 'yellow without green', '"blue - a red"')).toEqual([
    ['yellow - red', 'green.png'],
    ['yellow -red', 'green.png'],
    ['yellow without green', 'red.png'],
    ['"blue - a red"', 'red.png'],
  ]);
  const query = join(root, 'query.png');
  await plainImage(query, colours.red);
  expect(await first('green', 'green - red', '--image', query)).toEqual([
    [`${query} + green`, 'yellow.png'],
    [`${query} + green - red`, 'green.png'],
  ]);
  expect(await first('--', '-red')).toHaveLength(1);
});

it.each([
  ['red - ', 'red.png'],
  ['red -red', 'red.png'],
])('finds for %j what is left', async (query, path) => {
  const { folder, search } = await watched('red', 'green');
  expect(paths((await search(query)).hits)[0]).toBe(join(folder, path));
});

it.each(['', ' - ', 'minus'])('refuses %j, with nothing to search for', async (query) => {
  const { search } = await watched('red');
  const { code, stderr } = await search('--', query);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('something to search for') as string });
});

it('embeds only new and changed files the second time, and drops deleted ones', async () => {
  const { folder, search } = await watched('red', 'green', 'blue');
  expect((await search('red')).embedded).toBe(3);
  expect((await search('red')).embedded).toBe(0);
  await plainImage(join(folder, 'new.png'), colours.yellow);
  await plainImage(join(folder, 'green.png'), colours.red);
  await utimes(join(folder, 'green.png'), 1, 1);
  await rm(join(folder, 'blue.png'));
  const { embedded, hits } = await search('red');
  expect(embedded).toBe(2);
  expect(paths(hits).toSorted()).toEqual(['green', 'new', 'red'].map((name) => join(folder, `${name}.png`)));
  expect(hits[0]!.score + hits[1]!.score).toBe(2);
});

it('searches only what is named, and keeps the rows of the rest', async () => {
  const { folder, search, modelArgs } = await watched('red', 'green');
  await search('red');
  const part = ['--images', `${folder}/g*.png`, '--index', join(folder, '.diptych', 'model')];
  const run = await runCli(['search', ...modelArgs, ...part, 'red']);
  expect(paths(jsonLines<Hit>(run))).toEqual([join(folder, 'green.png')]);
  expect((await search('red')).embedded).toBe(0);
});

it('writes nothing beside photos whose folder is read-only, with the index elsewhere', async () => {
  const { root, folder, search } = await watched('red', 'green');
  await chmod(folder, 0o555);
  const elsewhere = ['--index', join(root, 'index')];
  const [first, again] = [await search('red', ...elsewhere), await search('red', ...elsewhere)];
  await chmod(folder, 0o755);
  expect([first.code, first.embedded, again.embedded]).toEqual([0, 2, 0]);
  expect(paths(again.hits)).toEqual(['red', 'green'].map((name) => join(folder, `${name}.png`)));
  expect(await readdir(folder)).toEqual(['green.png', 'red.png']);
});

it('embeds nothing again when photos and index move together', async () => {
  const { folder, search, root, modelArgs } = await watched('red', 'green');
  await search('red');
  await rename(folder, join(root, 'moved'));
  await writeFile(join(root, 'seen'), '');
  const run = await runCli(['search', ...modelArgs, '--images', join(root, 'moved'), 'red']);
  expect(jsonLines<Hit>(run)[0]!.path).toBe(join(root, 'moved/red.png'));
  expect(await readFile(join(root, 'seen'), 'utf8')).toBe('image\n');
});

it('reports a damaged image every time, and finds the others', async () => {
  const { folder, search } = await watched('red');
  const bad = join(folder, 'bad.png');
  await copyFile(join(folder, 'red.png'), bad);
  await search('red');
  await writeFile(bad, 'no image');
  for (const _ of ['first', 'second']) {
    const { code, stderr, hits } = await search('red');
    expect(code).toBe(1);
    expect(stderr).toMatch(`diptych: ${bad}: IMAGE_INVALID: `);
    expect(paths(hits)).toEqual([join(folder, 'red.png')]);
  }
});

it('drops a torn end, says so and embeds only what was lost', async () => {
  const { index, search } = await watched('red', 'green', 'blue');
  await search('red', '--batch-size', '1');
  await truncate(index, (await readFile(index)).length - 1);
  const { stderr, embedded, hits } = await search('red');
  expect(stderr).toMatch(/^diptych: .*dropped a torn end of \d+ bytes\n$/);
  expect([embedded, hits.length]).toEqual([1, 3]);
});

it('refuses an index of another precision or other weights, with the cure', async () => {
  const { model, search } = await watched('red');
  await search('red');
  const precision = await search('red', '--precision', 'int8');
  expect(precision.code).toBe(2);
  expect(precision.stderr).toMatch(/INPUT_INVALID: .*got float32.*delete the index/);
  await writeFile(join(model, 'colour.txt'), 'other');
  expect((await search('red')).stderr).toMatch(/expected the weights of 'model'.*delete the index/);
});

it.each(['int8', 'uint8', 'binary', 'ubinary'])('finds the same image with %s', async (precision) => {
  const { folder, search } = await watched('red', 'green', 'blue');
  const { hits } = await search('green', '--precision', precision);
  expect(hits[0]!.path).toBe(join(folder, 'green.png'));
});

it.each([
  [['--images', '.'], 'expected a query'],
  [['red'], 'expected --images'],
  [['--images', '-', 'red'], 'expected --index'],
])('refuses %j', async (args, message) => {
  const { modelArgs } = await colourWorkspace([]);
  const { code, stderr } = await runCli(['search', ...modelArgs, ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});

it('refuses a file as text: the shell expanded a glob', async () => {
  const { folder, search } = await watched('red');
  const { code, stderr } = await search(join(folder, 'red.png'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/quote globs/);
});
