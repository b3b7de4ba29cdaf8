import { open, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/** A socket in a folder, which the system closes with its process, however that ends. */
export interface LockSocket {
  close(): Promise<void>;
}

/** The shortest that a system takes; a longer one may be cut without a word. */
const maxPath = 100;

/** `undefined` where there can be none: on Windows, on some file systems, in a folder of a long path. */
export async function listen(folder: string, name: string): Promise<LockSocket | undefined> {
  const at = await pathOf(folder, name);
  if (!at) return undefined;
  const server = createServer((peer) => peer.destroy()).unref();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ path: at.path, exclusive: true }, () => resolve(true));
  });
  const close = async () => {
    if (isListening) await new Promise((resolve) => server.close(resolve));
    await rm(join(folder, name), { force: true });
    await at.release();
  };
  if (isListening) return { close };
  await close();
  return undefined;
}

/** Whether a process listens. Busy or stopped, it still does; one of another user may not be asked, but is there. */
export async function answers(folder: string, name: string): Promise<boolean> {
  const at = await pathOf(folder, name);
  if (!at) return true;
  try {
    return await new Promise<boolean>((resolve) => {
      const peer = connect(at.path, () => resolve(true));
      peer.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
      peer.once('close', () => resolve(true)).unref();
      peer.once('connect', () => peer.destroy());
    });
  } finally {
    await at.release();
  }
}

/** By an open folder, where the system has paths for those: a path of any length is short then. */
async function pathOf(
  folder: string,
  name: string,
): Promise<{ readonly path: string; release(): Promise<void> } | undefined> {
  if (process.platform === 'linux') {
    const opened = await open(folder, 'r');
    return { path: `/proc/self/fd/${opened.fd}/${name}`, release: () => opened.close() };
  }
  const path = join(folder, name);
  const isShort = process.platform !== 'win32' && Buffer.byteLength(path) <= maxPath;
  return isShort ? { path, release: async () => {} } : undefined;
}
