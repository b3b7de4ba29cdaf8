import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A partial download lies at `<blob>.<owner>.<unique>.incomplete`. */
const suffix = '.incomplete';
/** Owner of a partial that its process gave up. */
const nobody = 'none';
/** A partial that has not grown for so long is nobody's, whatever its owner, in milliseconds. */
const abandonedAfter = 600_000;
/** A partial that nobody went on with for so long is not worth its room, in milliseconds. */
const worthlessAfter = 7 * 86_400_000;

/**
 * A path for downloading a blob that no other process writes to. It holds what an interrupted download left, if there
 * was one: renaming is atomic, so that of two processes only one continues it.
 */
export async function claimPartial(blob: string): Promise<string> {
  const own = partialPath(blob, thisProcess());
  for (const name of await readdir(dirname(blob))) {
    if (!name.startsWith(`${basename(blob)}.`) || !name.endsWith(suffix)) continue;
    const path = join(dirname(blob), name);
    if (!(await isAbandoned(path))) continue;
    // Whoever may write here could have put a link, and another file at its end would be written to.
    if (!(await isOwn(path))) await rm(path, { force: true });
    else if (await renamed(path, own)) break;
  }
  return own;
}

/** Leaves an unfinished download to whoever claims it. */
export async function releasePartial(blob: string, path: string): Promise<void> {
  await renamed(path, partialPath(blob, nobody));
}

/** Removes what interrupted downloads left of a blob that is whole now, and what they left of others long ago. */
export async function cleanPartials(blob: string): Promise<void> {
  const folder = dirname(blob);
  for (const name of await readdir(folder)) {
    if (!name.endsWith(suffix)) continue;
    const path = join(folder, name);
    const [stem = '', owner] = name.slice(0, -suffix.length).split('.');
    // Another tool has its own at `<blob>.incomplete`, and ours without an owner are on their way to another name.
    const ours = owner !== undefined || stem.length === randomUUID().length;
    const done = stem === basename(blob) && owner !== undefined && (await isAbandoned(path));
    if (done || (ours && (await ageOf(path)) > worthlessAfter)) await rm(path, { force: true });
  }
}

/** A file of one name, and no link. */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true && found.nlink === 1;
}

/** Milliseconds since it grew last; of one that is gone, none. */
async function ageOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
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
  return (await ageOf(path)) > abandonedAfter;
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
