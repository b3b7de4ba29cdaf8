import { randomUUID } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A partial download lies at `<blob>.<owner>.<unique>.incomplete`. */
const suffix = '.incomplete';
/** Owner of a partial that its process gave up. */
const nobody = 'none';
/** A partial that has not grown for so long is nobody's, whatever its owner, in milliseconds. */
const abandonedAfter = 600_000;

/**
 * A path for downloading a blob that no other process writes to. It holds what an interrupted download left, if there
 * was one: renaming is atomic, so that of two processes only one continues it.
 */
export async function claimPartial(blob: string): Promise<string> {
  const own = partialPath(blob, thisProcess());
  for (const name of await readdir(dirname(blob))) {
    if (!name.startsWith(`${basename(blob)}.`) || !name.endsWith(suffix)) continue;
    const path = join(dirname(blob), name);
    if ((await isAbandoned(path)) && (await renamed(path, own))) break;
  }
  return own;
}

/** Leaves an unfinished download to whoever claims it. */
export async function releasePartial(blob: string, path: string): Promise<void> {
  await renamed(path, partialPath(blob, nobody));
}

function partialPath(blob: string, owner: string): string {
  return `${blob}.${owner}.${randomUUID()}${suffix}`;
}

function thisProcess(): string {
  return `${process.pid}@${hostname().replaceAll('.', '-')}`;
}

async function isAbandoned(path: string): Promise<boolean> {
  const [, owner, unique] = basename(path, suffix).split('.');
  if (unique === undefined) return false; // written by another tool, under its own lock
  if (owner === nobody) return true;
  const [pid, host] = owner!.split('@');
  if (host === thisProcess().split('@')[1] && !isAlive(Number(pid))) return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs > abandonedAfter;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
