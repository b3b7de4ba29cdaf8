import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileSource } from '../../src/node/file-source.ts';

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

/** What the descriptors of this process are of. */
function handles(): readonly string[] {
  return readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
}

it('reads at once share a handle, which is closed after the last', async () => {
  const path = await counted();
  const source = fileSource(path, 100);
  const got = await Promise.all(Array.from({ length: 90 }, (_, begin) => source.read(begin, begin + 10)));
  expect(got.map((bytes) => [...bytes])).toEqual(
    got.map((_, begin) => Array.from({ length: 10 }, (__, i) => begin + i)),
  );
  expect(handles()).not.toContain(path);
  expect([...(await source.read(3, 5))]).toEqual([3, 4]);
  expect(handles()).not.toContain(path);
});

it('fills the room that it is given, in shared memory too', async () => {
  const source = fileSource(await counted(), 100);
  for (const memory of [new ArrayBuffer(16), new SharedArrayBuffer(16)]) {
    const room = new Uint8Array(memory, 4, 4);
    expect(await source.read(50, 54, undefined, room)).toBe(room);
    expect([...new Uint8Array(memory)].slice(3, 9)).toEqual([0, 50, 51, 52, 53, 0]);
  }
});

it('a file that is shorter than it was or gone is an error, and nothing stays open', async () => {
  const path = await counted();
  const source = fileSource(path, 200);
  await expect(source.read(90, 110)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: `${path}: expected bytes up to 110, got 100; was it cut short?`,
  });
  expect(handles()).not.toContain(path);
  await rm(path);
  const gone = await Promise.allSettled([source.read(0, 1), source.read(1, 2)]);
  expect(gone.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
