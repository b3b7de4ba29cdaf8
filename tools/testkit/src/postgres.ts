import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** A server of its own process on a port of this machine; what it keeps outlives it. */
export interface PostgresServer {
  readonly url: string;
  /** Ends it at once: connections are cut, and the next start recovers what was committed. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Folder of PostgreSQL's programs: POSTGRES, or where Debian puts them. `node tools/postgres.mjs` installs them. */
export function postgresFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const folders = [process.env['POSTGRES'] ?? '', ...versions.map((version) => join(root, version, 'bin'))];
  const found = folders.findLast((bin) => existsSync(join(bin, 'initdb')));
  if (found === undefined && process.env['CI'])
    throw new Error('no PostgreSQL here; node tools/postgres.mjs installs it');
  return found;
}

/** A server with a new cluster. It refuses to be root, and is nobody then. */
export async function postgresServer(bin: string): Promise<PostgresServer> {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'diptych-postgres-'));
  if (uid !== undefined) await chown(folder, uid, uid);
  const owner = { uid, gid: uid, cwd: folder };
  const data = join(folder, 'data');
  const call = async (program: string, ...args: readonly string[]) =>
    promisify(execFile)(join(bin, program), ['-D', data, ...args], owner);
  await call('initdb', '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync');
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = ['-D', data, ...settings.flatMap((one) => ['-c', one])];
    child = spawn(join(bin, 'postgres'), args, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] });
    const said: string[] = [];
    for await (const line of createInterface(child.stderr!)) {
      said.push(line);
      if (line.includes('ready to accept')) break;
    }
    if (!said.at(-1)?.includes('ready to accept')) throw new Error(`postgres ended: ${said.join('\n')}`);
    child.stderr!.resume();
  };
  const stop = async () => {
    const ending = child;
    child = undefined;
    if (!ending) return;
    const exited = once(ending, 'exit');
    await call('pg_ctl', 'stop', '-m', 'immediate');
    await exited;
  };
  await start();
  return {
    url: `postgres://postgres:secret@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
