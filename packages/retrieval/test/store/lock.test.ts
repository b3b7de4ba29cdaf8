import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundled } from '@diptych/golden';
import { expect, it, onTestFinished } from 'vitest';
import { acquireLock } from '../../src/node/file-store/lock.ts';

const inUse = expect.objectContaining({
  code: 'INPUT_INVALID',
  message: expect.stringContaining('in use') as string,
}) as Error;

const child = [process.execPath, bundled('test/store/lock-child.ts')];
/** Runs a program as process 1 of a container that has the name of this machine. */
const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const hasContainers = spawnSync(container[0]!, [...container.slice(1), 'true']).status === 0;
const longAgo = new Date(Date.now() - 3_600_000);

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A process that takes the lock of a folder if it can, and what it says of that. */
async function taker(folder: string, [command, ...args]: readonly string[] = child) {
  const process = spawn(command!, [...args, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void process.kill('SIGKILL'));
  for await (const line of createInterface(process.stdout)) return { process, said: line };
  throw new Error('the process ended early');
}

async function killed(process: ChildProcess): Promise<void> {
  const exited = once(process, 'exit');
  process.kill('SIGKILL');
  await exited;
}

it('is held by one at a time, and leaves nothing', async () => {
  const folder = await temporaryFolder();
  const first = await acquireLock(folder);
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await first.release();
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it('is held by exactly one of many that come at once, again and again, also after an owner that died', async () => {
  const folder = await temporaryFolder();
  for (let round = 0; round < 20; round++) {
    if (round % 2 === 1) await writeFile(join(folder, 'lock.7'), deadOwner());
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    const refusals: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refusals).toEqual(Array(19).fill(inUse));
    await held[0]!.release();
  }
  expect(await readdir(folder)).toEqual([]);
});

it('is held by exactly one of twenty processes', async () => {
  const folder = await temporaryFolder();
  const takers = await Promise.all(Array.from({ length: 20 }, () => taker(folder)));
  expect(takers.map(({ said }) => said).toSorted()).toEqual([...Array<string>(19).fill('INPUT_INVALID'), 'held']);
  await Promise.all(takers.map(({ process }) => killed(process)));
});

it('is kept by an owner that lives, however long it gave no sign', async () => {
  const folder = await temporaryFolder();
  const { process } = await taker(folder);
  for (const file of await readdir(folder)) await utimes(join(folder, file), longAgo, longAgo);
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  process.kill('SIGSTOP');
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await killed(process);
  const lock = await acquireLock(folder);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it.skipIf(!hasContainers)('is free at once when a container was killed, and kept while it runs', async () => {
  const folder = await temporaryFolder();
  const { process, said } = await taker(folder, [...container, ...child]);
  expect(said).toBe('held');
  expect((await taker(folder, [...container, ...child])).said).toBe('INPUT_INVALID');
  await killed(process);
  expect((await taker(folder, [...container, ...child])).said).toBe('held');
});

it('is free after an owner whose process id is another by now, where there are no sockets', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock.1'), JSON.stringify({ pid: 1, host: hostname(), started: '-1' }));
  await (await acquireLock(folder)).release();
  await writeFile(join(folder, 'lock.1'), deadOwner());
  await (await acquireLock(folder)).release();
  const lock = await acquireLock(folder);
  const [file] = (await readdir(folder)).filter((name) => /^lock\.\d+$/.test(name));
  const { socket: _, ...owner } = JSON.parse(await readFile(join(folder, file!), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, file!), JSON.stringify(owner));
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await lock.release();
});

it('waits for the sign of an owner on another machine', async () => {
  const folder = await temporaryFolder();
  const other = join(folder, 'lock.1');
  await writeFile(other, JSON.stringify({ pid: 1, host: 'elsewhere', boot: 'another' }));
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await utimes(other, longAgo, longAgo);
  await (await acquireLock(folder)).release();
});

it('waits for one that is being made, and takes none that never was', async () => {
  const folder = await temporaryFolder();
  const other = join(folder, 'lock.1');
  await writeFile(other, '');
  await expect(acquireLock(folder)).rejects.toThrow(inUse);
  await utimes(other, longAgo, longAgo);
  await (await acquireLock(folder)).release();
});

it('notices that it was taken away', async () => {
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder);
  await lock.renew();
  for (const file of await readdir(folder)) await rm(join(folder, file));
  await expect(lock.renew()).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
  await lock.release();
});

function deadOwner(): string {
  return JSON.stringify({ pid: spawnSync(process.execPath, ['-e', '']).pid, host: hostname() });
}
