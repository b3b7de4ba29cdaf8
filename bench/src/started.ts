import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StartedServer {
  readonly child: ChildProcess;
  readonly url: string;
}

const server = new URL('../../apps/server/', import.meta.url);

/** Our server, in processes of its own, with these flags. */
export async function ourServer(flags: readonly string[], environment?: NodeJS.ProcessEnv): Promise<StartedServer> {
  const main = fileURLToPath(new URL('src/main.ts', server));
  return startedServer(['--import', 'tsx', main, '--port', '0', ...flags], {
    cwd: fileURLToPath(server),
    env: { ...process.env, ...environment },
  });
}

/** A script that prints a line of JSON with its `url` once it listens. */
export async function startedServer(args: readonly string[], options: SpawnOptions = {}): Promise<StartedServer> {
  const child = spawn(process.execPath, ['--conditions=@diptych/source', ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error(`${args.join(' ')}: has ended`);
}

/** SIGTERM, and until it has ended. */
export async function stopped({ child }: Pick<StartedServer, 'child'>): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}
