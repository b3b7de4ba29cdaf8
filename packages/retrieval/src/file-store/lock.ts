import { randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';

/** The right to write into a folder, as long as nobody took it away. */
export interface Lock {
  /** @throws {EmbeddingError} `INPUT_INVALID` when this process slept so long that another one took over. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** An owner that cannot be asked (other machine, reused process id) counts as dead after so long without a sign. */
const staleMs = 5 * 60_000;
const name = /^lock\.(?<pid>\d+)\.[\da-f]+\.(?<host>.+)$/;

/**
 * Everyone first creates a file of one's own, then looks for others: of two at once, at least one sees the other and
 * gives way, so never both hold it. Files of dead owners are swept.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when another process holds it.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const own = `lock.${process.pid}.${randomBytes(4).toString('hex')}.${hostname()}`;
  const file = join(folder, own);
  await (await open(file, 'wx')).close();
  const release = () => rm(file, { force: true });
  try {
    for (const other of await readdir(folder)) if (other !== own) await giveWay(folder, other);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    release,
    async renew() {
      const now = new Date();
      await utimes(file, now, now).catch((cause: unknown) => {
        throw new EmbeddingError('INPUT_INVALID', `${folder}: another process took over; run again`, { cause });
      });
    },
  };
}

async function giveWay(folder: string, other: string): Promise<void> {
  const { pid, host } = name.exec(other)?.groups ?? {};
  if (!pid || !host) return;
  const file = join(folder, other);
  if (!(await isAlive(file, Number(pid), host))) return rm(file, { force: true });
  throw new EmbeddingError(
    'INPUT_INVALID',
    `${folder}: in use by process ${pid} on ${host}; wait for it; if it is gone, delete ${file}`,
  );
}

async function isAlive(file: string, pid: number, host: string): Promise<boolean> {
  if (host === hostname() && !isRunning(pid)) return false;
  const sign = await stat(file).catch(() => undefined);
  return sign !== undefined && Date.now() - sign.mtimeMs < staleMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
