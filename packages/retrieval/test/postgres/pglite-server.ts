import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from '@diptych/golden';
import { freePort, type Server, startProcess } from './server.ts';

/** PostgreSQL in WebAssembly, which has pgvector; all its connections are one session. */
export async function pgliteServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-pglite-'));
  const port = await freePort();
  const args = [bundled('test/postgres/pglite-process.ts'), join(folder, 'data'), String(port)];
  const start = () => startProcess({ command: process.execPath, args, ready: /^ready$/ });
  let child = await start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
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
