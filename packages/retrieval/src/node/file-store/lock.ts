import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddingError } from '@diptych/core';
import { announce, isAlive, type Owner, readLock } from './lock-owner.ts';

/** The right to write into a folder, as long as nobody took it away. */
export interface Lock {
  /** @throws {EmbeddingError} `INPUT_INVALID` when another machine took this process for dead. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** How often an owner gives a sign to other machines. */
const signMs = 60_000;
const nobodyElse = 'a store that nobody else writes';
const name = /^lock\.(\d+)$/;

/**
 * A lock is a file `lock.<number>` that names its owner. Whoever finds only locks of dead owners makes the one of the next
 * number, which the system lets only one do, and looks again: two that made different numbers see that and start anew.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when another process holds it, or the folder cannot be written.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const self = await announce(folder);
  try {
    const file = await claim(folder, self.owner);
    const timer = setInterval(() => void sign(file).catch(() => {}), signMs).unref();
    return {
      renew: () =>
        sign(file).catch((cause: unknown) => {
          const problem = {
            where: folder,
            expected: nobodyElse,
            got: 'one that another process took over',
            cure: 'run again',
          };
          throw new EmbeddingError('INPUT_INVALID', problem, { cause });
        }),
      async release() {
        clearInterval(timer);
        await rm(file, { force: true });
        await self.withdraw();
      },
    };
  } catch (error) {
    await self.withdraw();
    throw error;
  }
}

async function claim(folder: string, owner: Owner): Promise<string> {
  for (;;) {
    const dead = await deadLocks(folder);
    const own = 1 + Math.max(0, ...dead.keys());
    const file = join(folder, `lock.${own}`);
    if (!(await make(file, owner))) continue;
    if ((await locksIn(folder)).every((number) => number === own || dead.has(number))) {
      for (const [number, socket] of dead) {
        if (socket) await rm(join(folder, socket), { force: true });
        await rm(join(folder, `lock.${number}`), { force: true });
      }
      return file;
    }
    await rm(file, { force: true });
    await sleep(10 * Math.random());
  }
}

async function sign(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** Their sockets by number. */
async function deadLocks(folder: string): Promise<Map<number, string | undefined>> {
  const dead = new Map<number, string | undefined>();
  for (const number of await locksIn(folder)) {
    const file = join(folder, `lock.${number}`);
    const lock = await readLock(file);
    if (lock && (await isAlive(folder, lock.owner, lock.silent))) {
      const who = lock.owner ? `process ${lock.owner.pid} on ${lock.owner.host}` : 'a process that is starting';
      throw new EmbeddingError('INPUT_INVALID', {
        where: folder,
        expected: nobodyElse,
        got: `one in use by ${who}`,
        cure: `wait for it; if it is gone, delete ${file}`,
      });
    }
    dead.set(number, lock?.owner?.socket);
  }
  return dead;
}

async function locksIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((file) => (name.test(file) ? [Number(name.exec(file)![1])] : []));
}

/** Whether it was not there. */
async function make(file: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(file, { force: true });
    throw error;
  }
}
