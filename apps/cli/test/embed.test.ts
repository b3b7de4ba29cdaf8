import { execFileSync } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

interface Row {
  readonly path?: string;
  readonly text?: string;
  readonly embedding: readonly number[];
  readonly scale?: number;
}

it('prints one JSON line for each image of a folder, in order', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  await plainImage(join(folder, 'deep', 'yellow.png'), colours.yellow);
  const run = await runCli(['embed', ...modelArgs, folder]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const half = Number(Math.fround(Math.SQRT1_2).toPrecision(9));
  expect(jsonLines<Row>(run)).toEqual([
    { path: join(folder, 'blue.png'), embedding: [0, 0, 1] },
    { path: join(folder, 'deep/yellow.png'), embedding: [half, half, 0] },
    { path: join(folder, 'green.png'), embedding: [0, 1, 0] },
    { path: join(folder, 'red.png'), embedding: [1, 0, 0] },
  ]);
});

it('names a damaged image, embeds the others and exits with 1', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  const bad = join(folder, 'bad.png');
  await writeFile(bad, 'no image');
  const missing = join(folder, 'missing.png');
  const run = await runCli(['embed', ...modelArgs, folder, missing]);
  expect(run.code).toBe(1);
  expect(jsonLines<Row>(run).map(({ path }) => path)).toEqual(
    ['blue', 'green', 'red'].map((name) => join(folder, `${name}.png`)),
  );
  const [first, second] = run.stderr.split('\n');
  expect(first).toMatch(`diptych: ${bad}: IMAGE_INVALID: `);
  expect(second).toMatch(`diptych: ${missing}: NOT_FOUND: `);
});

it.runIf(process.platform === 'linux')('reads no device and no pipe of a folder', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  await symlink('/dev/zero', join(folder, 'z.png'));
  execFileSync('mkfifo', [join(folder, 'pipe.png')]);
  const named = await runCli(['embed', ...modelArgs, folder, join(folder, 'pipe.png')]);
  expect(named.code).toBe(1);
  expect(jsonLines<Row>(named)).toHaveLength(3);
  expect(named.stderr).toContain(`${join(folder, 'pipe.png')}: NOT_FOUND: `);
  expect(named.stderr).toContain('expected a file, got a pipe');
  expect(named.stderr).toContain('z.png: NOT_FOUND: expected a file, got a device');
});

it('embeds the neighbours of an image that spoils its batch', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  const narrow = join(folder, 'narrow.png');
  await plainImage(narrow, colours.red, 1);
  const run = await runCli(['embed', ...modelArgs, folder]);
  expect(run).toMatchObject({
    code: 1,
    stderr: `diptych: ${narrow}: IMAGE_INVALID: image: expected two pixels, got one\n`,
  });
  expect(jsonLines<Row>(run)).toHaveLength(3);
});

it('takes texts as arguments and from stdin', async () => {
  const { modelArgs } = await colourWorkspace();
  const run = await runCli(['embed', ...modelArgs, '--modality', 'text', 'green', '-'], { stdin: 'a red\r\n\nblue' });
  expect(jsonLines<Row>(run)).toEqual([
    { text: 'green', embedding: [0, 1, 0] },
    { text: 'a red', embedding: [1, 0, 0] },
    { text: 'blue', embedding: [0, 0, 1] },
  ]);
});

it('takes paths from stdin, separated by NUL where told', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  const odd = join(folder, 'a\nb [1].png');
  await plainImage(odd, colours.red);
  const run = await runCli(['embed', ...modelArgs, '--null', '-'], { stdin: `${odd}\0${join(folder, 'blue.png')}\0` });
  expect(jsonLines<Row>(run).map(({ path }) => path)).toEqual([odd, join(folder, 'blue.png')]);
});

it('stores components as told', async () => {
  const { modelArgs } = await colourWorkspace();
  const args = ['embed', ...modelArgs, '--modality', 'text', 'yellow'];
  const [int8] = jsonLines<Row>(await runCli([...args, '--precision', 'int8']));
  expect(int8).toMatchObject({ embedding: [127, 127, 0], scale: expect.closeTo(Math.SQRT1_2 / 127, 8) as number });
  const [raw] = jsonLines<Row>(await runCli([...args, '--truncate-dim', '2', '--no-normalize']));
  expect(raw!.embedding).toEqual([255, 255]);
});

it('prints a table on a terminal, without control characters of a name', async () => {
  const { folder, modelArgs } = await colourWorkspace([]);
  await plainImage(join(folder, 'a\u001B[2J.png'), colours.red);
  const { stdout } = await runCli(['embed', ...modelArgs, folder], { tty: true });
  expect(stdout).toBe(` 1.0000  0.0000  0.0000 [3]  ${folder}/a\uFFFD[2J.png\n`);
});

it('shows progress on a terminal only, and not where told to be quiet', async () => {
  const { folder, modelArgs } = await colourWorkspace();
  const args = ['embed', ...modelArgs, folder];
  expect((await runCli(args, { tty: true })).stderr).toContain('embedding  [');
  expect((await runCli([...args, '--quiet'], { tty: true })).stderr).toBe('');
  expect((await runCli(args)).stderr).toBe('');
});

it('writes to a file where told', async () => {
  const { root, folder, modelArgs } = await colourWorkspace();
  const output = join(root, 'rows.jsonl');
  const run = await runCli(['embed', ...modelArgs, folder, '--output', output]);
  expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(jsonLines<Row>({ stdout: await readFile(output, 'utf8') })).toHaveLength(3);
});

it('leaves an output as it is where every item failed, and a link where it would write', async () => {
  const { root, folder, modelArgs } = await colourWorkspace();
  const [jsonl, npy] = [join(root, 'rows.jsonl'), join(root, 'rows')];
  const array = join(npy, 'img_emb/img_emb_0.npy');
  await symlink(join(root, 'precious'), `${jsonl}.partial`);
  await writeFile(join(root, 'precious'), 'mine');
  for (const args of [
    ['--output', jsonl],
    ['--output', npy, '--format', 'npy'],
  ]) {
    expect((await runCli(['embed', ...modelArgs, folder, ...args])).code).toBe(0);
    const before = await Promise.all([jsonl, array].map(async (path) => readFile(path).catch(() => undefined)));
    expect((await runCli(['embed', ...modelArgs, join(root, 'gone.png'), ...args])).code).toBe(1);
    const after = await Promise.all([jsonl, array].map(async (path) => readFile(path).catch(() => undefined)));
    expect(after).toEqual(before);
  }
  expect(await readFile(join(root, 'precious'), 'utf8')).toBe('mine');
  const left = await readdir(root, { recursive: true });
  expect(left.filter((path) => path.endsWith('.partial'))).toEqual([]);
});

it.each([
  [['--truncate-dim', '4'], 'INPUT_INVALID: truncateDim: expected a whole number from 1 to 3, got 4'],
  [['--format', 'npy'], 'INPUT_INVALID: --format npy: expected a folder as --output, got none'],
])('refuses %j once, before the work', async (args, message) => {
  const { folder, modelArgs } = await colourWorkspace();
  const run = await runCli(['embed', ...modelArgs, ...args, folder]);
  expect(run).toEqual({ code: 2, stdout: '', stderr: `diptych: ${message}\n` });
});
