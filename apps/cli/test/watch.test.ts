import { once } from 'node:events';
import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { Interrupted } from '../src/io.ts';
import { run } from '../src/run.ts';
import { jsonLines, runCli } from './run-cli.ts';
import { spawnCli, untilStderr } from './spawn-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

afterEach(() => vi.unstubAllEnvs());

/** A watch in this process, line by line. */
function started(args: readonly string[]) {
  const stop = new AbortController();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [stdout, stderr].map((stream) => createInterface(stream)[Symbol.asyncIterator]());
  const code = run(args, { stdin: Readable.from([]), stdout, stderr, folder: '.', signal: stop.signal });
  onTestFinished(() => stop.abort(new Interrupted('SIGTERM')));
  return {
    said: async () => JSON.parse((await out!.next()).value as string) as unknown,
    warned: async () => (await err!.next()).value as string,
    async end(signal: 'SIGINT' | 'SIGTERM') {
      stop.abort(new Interrupted(signal));
      return code;
    },
  };
}

it('brings an index up to date, and then keeps it so, a line for each change', async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red', 'green']);
  const watch = started(['watch', ...modelArgs, '--images', folder]);
  expect(await watch.said()).toEqual({ event: 'ready', images: 2 });
  const at = (name: string) => join(folder, name);
  const outside = join(root, 'outside');
  /** Whole at once: how long a write takes is none of this test. */
  const put = async (name: string, write: (path: string) => Promise<unknown>) => {
    await write(outside);
    await rename(outside, at(name));
  };

  await plainImage(join(outside, 'blue.png'), colours.blue);
  await rename(outside, at('below'));
  expect(await watch.said()).toEqual({ event: 'added', path: at('below/blue.png') });
  await put('green.png', async (path) => plainImage(path, colours.yellow, 4));
  expect(await watch.said()).toEqual({ event: 'changed', path: at('green.png') });
  await rm(at('red.png'));
  expect(await watch.said()).toEqual({ event: 'removed', path: at('red.png') });

  await put('note.txt', async (path) => writeFile(path, 'no image'));
  await mkdir(join(root, 'hidden'));
  await copyFile(at('green.png'), join(root, 'hidden/green.png'));
  await rename(join(root, 'hidden'), at('.hidden'));
  await put('broken.png', async (path) => writeFile(path, 'no image'));
  expect(await watch.warned()).toMatch(/broken\.png: IMAGE_INVALID/);
  await rename(at('below/blue.png'), at('azure.png'));
  const moved = [await watch.said(), await watch.said()];
  expect(moved).toContainEqual({ event: 'removed', path: at('below/blue.png') });
  expect(moved).toContainEqual({ event: 'added', path: at('azure.png') });

  await put('green.png', async (path) => writeFile(path, 'no image any more'));
  expect(await watch.warned()).toMatch(/green\.png: IMAGE_INVALID/);
  expect(await watch.end('SIGINT')).toBe(130);
  await rm(at('green.png'));
  const found = await runCli(['search', ...modelArgs, '--images', folder, 'blue']);
  expect(jsonLines<{ path: string }>(found).map(({ path }) => path)).toEqual([at('azure.png')]);
});

it('embeds nothing anew where files and folders are renamed, and what was written under an old name', async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
  const log = join(root, 'log');
  vi.stubEnv('COLOUR_LOG', log);
  const embedded = async () => (await readFile(log, 'utf8')).split('\n').length - 1;
  const at = (name: string) => join(folder, name);
  await utimes(at('blue.png'), 1e9, 1e9);
  const watch = started(['watch', ...modelArgs, '--images', folder]);
  expect(await watch.said()).toEqual({ event: 'ready', images: 3 });
  const before = await embedded();
  /** In any order. */
  const said = async (...changes: readonly (readonly [event: string, name: string])[]) => {
    const lines: unknown[] = [];
    while (lines.length < changes.length) lines.push(await watch.said());
    for (const [event, name] of changes) expect(lines).toContainEqual({ event, path: at(name) });
  };

  await rename(at('red.png'), at('crimson.png'));
  await said(['removed', 'red.png'], ['added', 'crimson.png']);
  await mkdir(join(root, 'old'));
  await rename(at('crimson.png'), join(root, 'old/crimson.png'));
  expect(await watch.said()).toEqual({ event: 'removed', path: at('crimson.png') });
  await rename(join(root, 'old'), at('new'));
  expect(await watch.said()).toEqual({ event: 'added', path: at('new/crimson.png') });
  await rename(at('new/crimson.png'), at('green.png'));
  await said(['removed', 'new/crimson.png'], ['changed', 'green.png']);
  expect(await embedded()).toBe(before);

  // Of one size and time, but not the file that went.
  const another = join(root, 'another');
  await plainImage(another, colours.green);
  await utimes(another, 1e9, 1e9);
  const [ours, theirs] = [await stat(another), await stat(at('blue.png'))];
  expect([ours.size, ours.mtimeMs]).toEqual([theirs.size, theirs.mtimeMs]);
  await rm(at('blue.png'));
  expect(await watch.said()).toEqual({ event: 'removed', path: at('blue.png') });
  await rename(another, at('azure.png'));
  expect(await watch.said()).toEqual({ event: 'added', path: at('azure.png') });
  expect(await embedded()).toBe(before + 1);

  expect(await watch.end('SIGTERM')).toBe(143);
  const found = await runCli(['search', ...modelArgs, '--images', folder, 'red']);
  expect(jsonLines(found)).toMatchObject([
    { score: 1, path: at('green.png') },
    { score: 0, path: at('azure.png') },
  ]);
});

it('watches folders only', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  for (const images of [join(folder, 'red.png'), join(folder, '*.png'), '-', '/nowhere']) {
    const { code, stderr } = await runCli(['watch', ...modelArgs, '--images', images]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/INPUT_INVALID: .*a folder/) as string });
  }
});

it('killed in the middle of a change leaves an index that is right after the next start', async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red', 'green']);
  // The probe and two photos, and then it hangs.
  const killed = spawnCli(['watch', ...modelArgs, '--images', folder], { COLOUR_HANG_AFTER: '3' });
  await once(killed.child.stdout, 'data');
  const hanging = untilStderr(killed, 'hanging');
  await rm(join(folder, 'green.png'));
  await plainImage(join(root, 'blue.png'), colours.blue);
  await rename(join(root, 'blue.png'), join(folder, 'blue.png'));
  await hanging;
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toMatchObject({ code: 'SIGKILL' });

  const watch = started(['watch', ...modelArgs, '--images', folder]);
  expect(await watch.said()).toEqual({ event: 'ready', images: 2 });
  expect(await watch.end('SIGTERM')).toBe(143);
  const found = await runCli(['search', ...modelArgs, '--images', folder, 'blue']);
  const paths = jsonLines<{ path: string }>(found).map(({ path }) => path);
  expect(paths).toEqual([join(folder, 'blue.png'), join(folder, 'red.png')]);
});
