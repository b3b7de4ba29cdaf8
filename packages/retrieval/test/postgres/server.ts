import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A server of its own process on a port of this machine; its data outlive it. */
export interface Server {
  readonly url: string;
  /** Ends every process of it, at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Started {
  readonly command: string;
  readonly args: readonly string[];
  readonly ready: RegExp;
  readonly uid?: number | undefined;
}

/** Resolves once the process says that it is ready, on either stream. */
export async function startProcess({ command, args, ready, uid }: Started): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], uid, gid: uid });
  const said: string[] = [];
  const saysSo = (stream: Readable) =>
    new Promise<void>((resolve) => {
      createInterface(stream).on('line', (line) => {
        said.push(line);
        if (ready.test(line)) resolve();
      });
    });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${command} ended: ${said.join('\n')}`);
  });
  ended.catch(() => {});
  await Promise.race([saysSo(child.stdout), saysSo(child.stderr), ended]);
  return child;
}
