import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, type Server, startProcess } from './server.ts';

/** Folder of PostgreSQL's programs: POSTGRES, or where Debian puts them. */
export function postgresFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [process.env['POSTGRES'] ?? '', ...versions.map((version) => join(root, version, 'bin'))];
  return folders.find((bin) => existsSync(join(bin, 'initdb')));
}

/** A real server with a new cluster. It refuses to be root, and is nobody then. */
export async function debianServer(bin: string): Promise<Server> {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'diptych-postgres-'));
  if (uid !== undefined) await chown(folder, uid, uid);
  const data = join(folder, 'data');
  const locale = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', ...locale], {
    uid,
    gid: uid,
    cwd: folder,
  });
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const start = () => startProcess({ command: join(bin, 'postgres'), args, ready: /ready to accept connections/, uid });
  let child = await start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGSTOP'); // It forks no more.
    const backends = childrenOf(child.pid!);
    [child.pid!, ...backends].forEach(killNow);
    await exited;
    // One that still runs keeps the shared memory, and the next server would not start.
    while (backends.some(isRunning)) await setTimeout(5);
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill,
    async start() {
      child = await start();
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((child) => Number(status(child, 'PPid')) === pid);
}

const isRunning = (pid: number): boolean => !['Z', 'X', undefined].includes(status(pid, 'State'));

function status(pid: number, field: 'PPid' | 'State'): string | undefined {
  try {
    return new RegExp(`^${field}:\\s*(\\w+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined; // It has ended.
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
