import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { acquireLock } from '../../src/file-store/lock.ts';

const inUse = expect.objectContaining({
  code: 'INPUT_INVALID',
  message: expect.stringContaining('in use') as string,
}) as Error;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

it('is held by one at a time', async () => {
  const folder = await temporaryFolder();
  const first = await acquireLock(folder);
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await first.release();
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it('is never held by two of many that come at once', async () => {
  const folder = await temporaryFolder();
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(folder)));
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
});

it('outlives an owner that was killed', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, `lock.${await deadPid()}.00ff.${hostname()}`), '');
  const lock = await acquireLock(folder);
  expect(await readdir(folder)).toHaveLength(1);
  await lock.release();
});

it('waits for the sign of life of an owner on another machine', async () => {
  const folder = await temporaryFolder();
  const other = join(folder, 'lock.1.00ff.elsewhere');
  await writeFile(other, '');
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(other, longAgo, longAgo);
  await (await acquireLock(folder)).release();
});

it('notices that it was taken away', async () => {
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder);
  await lock.renew();
  for (const file of await readdir(folder)) await rm(join(folder, file));
  await expect(lock.renew()).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
});
