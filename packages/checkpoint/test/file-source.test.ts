import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

/** What a descriptor of this process is of. */
function target(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}

it('reads one after another share a descriptor, which is closed when the event loop goes on', async () => {
  const path = await counted();
  const source = fileSource(path, 100);
  for (let begin = 0; begin <= 90; begin++) {
    const room = new Uint8Array(10);
    source.readSync!(begin, room);
    expect([...room]).toEqual(Array.from({ length: 10 }, (_, i) => begin + i));
  }
  expect(
    readdirSync('/proc/self/fd')
      .map(target)
      .filter((found) => found === path),
  ).toHaveLength(1);
  await setImmediate();
  expect(readdirSync('/proc/self/fd').map(target)).not.toContain(path);
  expect([...(await source.read(3, 5))]).toEqual([3, 4]);
});

it('a file that is shorter than it was or gone is an error, and nothing stays open', async () => {
  const path = await counted();
  const source = fileSource(path, 200);
  const cut = expect.objectContaining({
    code: 'CHECKPOINT_INVALID',
    message: `${path}: expected bytes up to 110, got 100; was it cut short?`,
  });
  await expect(source.read(90, 110)).rejects.toEqual(cut);
  expect(() => source.readSync!(90, new Uint8Array(20))).toThrow(cut);
  await setImmediate();
  expect(readdirSync('/proc/self/fd').map(target)).not.toContain(path);
  await rm(path);
  await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(() => source.readSync!(0, new Uint8Array(1))).toThrow('ENOENT');
});
