import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** What a process of its own says of so many files of such a size, given at once. */
async function load(side: number, count: number): Promise<{ read: number; bytes: number; peak: number }> {
  const child = fileURLToPath(new URL('large-images-child.ts', import.meta.url));
  const args = ['--conditions=@diptych/source', '--import', 'tsx', child, `${side}`, `${count}`];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { read: number; bytes: number; peak: number };
}

it('files of many pixels are held one after another, in the memory of one', async () => {
  const one = await load(6000, 1);
  const many = await load(6000, 5);
  expect(many).toMatchObject({ read: 5, bytes: one.bytes });
  expect(one.bytes).toBeLessThan(1 << 20);
  // Pixels alone are 515 MiB, twice while they are read.
  expect(many.peak).toBeLessThan(1.5 * one.peak);
}, 600_000);
