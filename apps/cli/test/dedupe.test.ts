import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

interface Shown {
  readonly path: string;
  readonly width: number;
  readonly score?: number;
  readonly because?: string;
}

interface Group {
  readonly keep: Shown;
  readonly spare: readonly Shown[];
}

/** Two reds of other sizes, two blues of which one is older, a red that is nearly so, and a yellow. */
async function copies() {
  const workspace = await colourWorkspace(['yellow']);
  const at = (name: string) => join(workspace.folder, name);
  await plainImage(at('small-red.png'), colours.red);
  await plainImage(at('large-red.png'), colours.red, 4);
  await plainImage(at('reddish.png'), [255, 40, 0]);
  for (const name of ['blue.png', 'old-blue.png']) await plainImage(at(name), colours.blue);
  await utimes(at('old-blue.png'), 1, 1);
  const dedupe = async (...args: string[]) =>
    runCli(['dedupe', ...workspace.modelArgs, '--images', workspace.folder, ...args]);
  return { ...workspace, at, dedupe };
}

it('groups what is nearly the same, tells what to keep and why, and deletes nothing', async () => {
  const { at, dedupe, folder } = await copies();
  const before = await readdir(folder);
  const run = await dedupe();
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const groups = jsonLines<Group>(run);
  expect(groups.map(({ keep, spare }) => [keep.path, spare.map(({ path, because }) => [path, because])])).toEqual([
    [at('old-blue.png'), [[at('blue.png'), 'age']]],
    [
      at('large-red.png'),
      [
        [at('reddish.png'), 'pixels'],
        [at('small-red.png'), 'pixels'],
      ],
    ],
  ]);
  const [reddish, small] = groups[1]!.spare;
  expect(small!.score).toBeCloseTo(1, 6);
  expect(reddish!.score).toBeCloseTo(1 / Math.hypot(1, 40 / 255), 6);
  expect(groups[1]!.keep).toMatchObject({ width: 4, height: 2 });
  expect((await readdir(folder)).filter((name) => name !== '.diptych')).toEqual(before);
});

it('goes by its threshold, and says on a terminal what it found', async () => {
  const { modelArgs, folder, at } = await copies();
  const args = ['dedupe', ...modelArgs, '--quiet', '--images', folder, '--threshold', '0.999'];
  const { code, stdout } = await runCli(args, { tty: true });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^keep {3}2 x 2 .*old-blue\.png\n1\.000 .*blue\.png +is younger\n\nkeep {3}4 x 2 /);
  expect(stdout).toContain(`${at('small-red.png')}  has fewer pixels\n`);
  expect(stdout).toMatch(/\n6 images, 2 groups, 2 to spare \(\d+ B\)\n$/);
});

it('tells of an image that is damaged, and groups the others', async () => {
  const { at, dedupe } = await copies();
  await writeFile(at('broken.png'), 'no image');
  const run = await dedupe();
  expect([run.code, jsonLines(run).length]).toEqual([1, 2]);
  expect(run.stderr).toMatch(/broken\.png: IMAGE_INVALID/);
});

it('finds none among what is distinct, and refuses a folder of nothing and a threshold that is no cosine', async () => {
  const { at, dedupe, folder } = await copies();
  for (const name of await readdir(folder)) if (name.endsWith('.png')) await rm(at(name));
  const none = await dedupe();
  expect(none.code).toBe(2);
  expect(none.stderr).toMatch(/NOT_FOUND: .*an image that can be read/);
  await plainImage(at('red.png'), colours.red);
  expect(await dedupe('--threshold', '1')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await dedupe('--threshold', '2')).stderr).toMatch(/Expected a cosine/);
});
