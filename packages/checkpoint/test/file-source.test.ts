import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileSource } from '../src/file-source.ts';

async function counted() {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'x');
  await writeFile(
    path,
    Uint8Array.from({ length: 100 }, (_, i) => i),
  );
  return path;
}

/** How often this process has a file open. */
async function handles(path: string): Promise<number> {
  const targets = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(targets)).filter((target) => target === path).length;
}

it('reads at once share a handle, which is closed after the last', async () => {
  const path = await counted();
  const source = fileSource(path, 100);
  const reads = Array.from({ length: 90 }, (_, begin) => source.read(begin, begin + 10));
  const got = await Promise.all(reads);
  expect(got.map((bytes) => [...bytes])).toEqual(
    got.map((_, begin) => Array.from({ length: 10 }, (__, i) => begin + i)),
  );
  expect(await handles(path)).toBe(0);
  expect([...(await source.read(3, 5))]).toEqual([3, 4]);
  expect(await handles(path)).toBe(0);
});

it('fills the room that it is given', async () => {
  const source = fileSource(await counted(), 100);
  const room = new ArrayBuffer(16);
  const bytes = await source.read(50, 54, undefined, room);
  expect(bytes.buffer).toBe(room);
  expect([...bytes]).toEqual([50, 51, 52, 53]);
});

it('a file that is shorter than it was or gone is an error, and no handle stays open', async () => {
  const path = await counted();
  const short = fileSource(path, 200);
  await expect(short.read(90, 110)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  expect(await handles(path)).toBe(0);
  await rm(path);
  const gone = await Promise.allSettled([short.read(0, 1), short.read(1, 2)]);
  expect(gone.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
