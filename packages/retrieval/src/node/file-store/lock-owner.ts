import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type JsonKind, parseJson } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import { answers, listen } from './lock-socket.ts';

/** Who holds a lock, or is about to: what its file says. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Of the machine since it was started, in all its containers; absent where the system gives none. */
  readonly boot?: string | undefined;
  /** When the process was started, by the clock of the system; absent where it gives none. */
  readonly started?: string | undefined;
  /** In the folder of the lock; absent where there can be none. */
  readonly socket?: string | undefined;
}

/** This process, as others will see it. */
interface Announced {
  readonly owner: Owner;
  withdraw(): Promise<void>;
}

/** An owner on another machine cannot be asked; it counts as dead after so long without a sign. */
const silentMs = 5 * 60_000;
/** A file that names nobody yet is being written; for so long at most. */
const writingMs = 10_000;

/** A process of this machine is asked by a socket: its id may be another's by now, and means nothing in other containers. */
export async function announce(folder: string): Promise<Announced> {
  const owner = { pid: process.pid, host: hostname(), boot: await bootId(), started: await startOf(process.pid) };
  const socket = `lock.${randomBytes(6).toString('hex')}.socket`;
  const listening = await listen(folder, socket);
  return listening
    ? { owner: { ...owner, socket }, withdraw: () => listening.close() }
    : { owner, withdraw: async () => {} };
}

/** What a lock says; `undefined` when it is not there. */
export async function readLock(file: string): Promise<{ owner?: Owner | undefined; silent: number } | undefined> {
  try {
    const json = await readFileBytes(file, lockJson);
    return { owner: ownerOf(json, file), silent: Date.now() - (await stat(file)).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const lockJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 12, maxValues: 64 };

function ownerOf(json: Uint8Array, file: string): Owner | undefined {
  try {
    return parseJson(json, file, lockJson) as Owner;
  } catch {
    return undefined;
  }
}

/** @param silent Milliseconds since the lock's last sign. */
export async function isAlive(folder: string, owner: Owner | undefined, silent: number): Promise<boolean> {
  if (!owner) return silent < writingMs;
  const boot = await bootId();
  const isHere = owner.boot && boot ? owner.boot === boot : owner.host === hostname();
  // A machine of the same name that was started anew runs nothing of before.
  if (!isHere) return owner.host !== hostname() && silent < silentMs;
  if (owner.socket) return answers(folder, owner.socket);
  return isRunning(owner.pid) && (await startOf(owner.pid)) === owner.started;
}

async function bootId(): Promise<string | undefined> {
  return (await textOf('/proc/sys/kernel/random/boot_id'))?.trim();
}

/** Field 22 of proc(5); the second, a name in brackets, may hold anything. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')')).split(' ')[20];
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
