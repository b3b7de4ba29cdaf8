import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Servers of one cluster on ports of this machine; what they keep outlives them. */
export interface NatsServers {
  readonly urls: readonly string[];
  /** Ends one at once, as a machine that fails. */
  kill(name: string): Promise<void>;
  start(name: string): Promise<void>;
  /** `n0`, `n1`, … */
  readonly names: readonly string[];
  remove(): Promise<void>;
}

/** NATS_SERVER, or where Debian puts it. `node tools/nats.mjs` installs it. */
export function natsCommand(): string | undefined {
  const commands = [process.env['NATS_SERVER'], 'nats-server', '/usr/sbin/nats-server'];
  const found = commands.find((one) => one !== undefined && spawnSync(one, ['--version']).status === 0);
  if (found === undefined && process.env['CI']) throw new Error('no nats-server here; node tools/nats.mjs installs it');
  return found;
}

export async function natsServers(command: string, count = 1, { jetStream = true } = {}): Promise<NatsServers> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-nats-'));
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const ports = await Promise.all(Array.from({ length: 2 * count }, freePort));
  const routes = ports.slice(count).map((port) => `nats://127.0.0.1:${port}`);
  const running = new Map<string, ChildProcess>();
  const start = async (name: string) => {
    const i = names.indexOf(name);
    const cluster = ['--cluster_name', 'tests', '--cluster', routes[i]!, '--routes', routes.join()];
    const kept = jetStream ? ['-js', '-sd', join(folder, name)] : [];
    const own = [...kept, '-a', '127.0.0.1', '-p', String(ports[i]), '-n', name];
    const child = spawn(command, [...own, ...(count > 1 ? cluster : [])], { stdio: ['ignore', 'ignore', 'pipe'] });
    running.set(name, child);
    await said(child, /Server is ready/);
    child.stderr.resume();
  };
  const kill = async (name: string) => {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await Promise.all(names.map(start));
  return {
    urls: ports.slice(0, count).map((port) => `nats://127.0.0.1:${port}`),
    names,
    kill,
    start,
    async remove() {
      await Promise.all(names.map(kill));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function said(child: ChildProcess, line: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (line.test(text)) resolve();
    });
    child.on('exit', () => reject(new Error(`nats-server ended: ${text}`)));
  });
}
