import { readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

interface Group {
  readonly name: string;
  readonly images: readonly { readonly path: string; readonly score: number }[];
}

/** Three reds of two folders, two of them of one name, and two blues. */
async function colourful() {
  const workspace = await colourWorkspace([]);
  const at = (name: string) => join(workspace.folder, name);
  for (const name of ['a/x.png', 'b/X.png']) await plainImage(at(name), colours.red);
  await plainImage(at('a/reddish.png'), [255, 40, 0]);
  for (const name of ['a/y.png', 'a/z.png']) await plainImage(at(name), colours.blue);
  const args = ['cluster', ...workspace.modelArgs, '--quiet', '--images', workspace.folder, '--clusters', '2'];
  const cluster = async (...more: string[]) => runCli([...args, '--tags', 'green,red,blue', ...more]);
  return { ...workspace, at, args, cluster };
}

it('groups what is alike, the largest group first, by the names that fit best', async () => {
  const { at, cluster } = await colourful();
  const run = await cluster();
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const [red, blue, ...rest] = jsonLines<Group>(run);
  expect(rest).toEqual([]);
  expect([red!.name, red!.images.map(({ path }) => path)]).toEqual([
    'red',
    [at('a/x.png'), at('b/X.png'), at('a/reddish.png')],
  ]);
  expect([blue!.name, blue!.images.map(({ path }) => path)]).toEqual(['blue', [at('a/y.png'), at('a/z.png')]]);
  expect(blue!.images[0]!.score).toBeCloseTo(1, 6);
});

it('is a table on a terminal, chooses how many groups, and never more than images', async () => {
  const { modelArgs, folder, at } = await colourful();
  const args = ['cluster', ...modelArgs, '--quiet', '--images', folder, '--tags', 'red,blue'];
  const { stdout } = await runCli([...args, '--clusters', '2'], { tty: true });
  expect(stdout).toBe(
    `3  red   ${at('a/x.png')}, ${at('b/X.png')}, ${at('a/reddish.png')}\n2  blue  ${at('a/y.png')}, ${at('a/z.png')}\n`,
  );
  expect(jsonLines(await runCli(args))).toHaveLength(3);
  expect(jsonLines(await runCli([...args, '--clusters', '99']))).toHaveLength(5);
});

it('makes links that move with the photos, and writes to no folder that has something, or is searched', async () => {
  const { root, folder, cluster } = await colourful();
  const links = join(root, 'links');
  expect((await cluster('--links', links)).code).toBe(0);
  expect(await readdir(links)).toEqual(['blue', 'red']);
  expect((await readdir(join(links, 'red'))).toSorted()).toEqual(['X-2.png', 'reddish.png', 'x.png']);
  expect(await readlink(join(links, 'blue', 'y.png'))).toBe('../../photos/a/y.png');
  const bytes = await readFile(join(folder, 'a/y.png'));
  expect(await readFile(join(links, 'blue', 'y.png'))).toEqual(bytes);
  const again = await cluster('--links', links);
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/INPUT_INVALID: .*a new or an empty folder/)]);
  await rename(links, join(folder, 'links'));
  for (const inside of [join(folder, 'new'), folder]) {
    expect((await cluster('--links', inside)).stderr).toMatch(/INPUT_INVALID/);
  }
  const file = join(root, 'file');
  await writeFile(file, '');
  expect((await cluster('--links', file)).stderr).toMatch(/INPUT_INVALID: .*ENOTDIR/);
});
