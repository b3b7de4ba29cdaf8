// Two workers of a fleet against one: `bench:fleet <folder of photos> [rounds] [seconds]`. Both work at one job, of which
// the second is stopped for every other few seconds, so that whatever else the machine does meets both alike.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openFleet, type ShardReport, shardsOf, submit } from '@diptych/fleet';
import { natsCommand, natsServers } from '@diptych/testkit/nats';
import { freeCores } from './cores.ts';
import { model } from './fleet-model.ts';
import { median } from './interleave.ts';
import { taken } from './process-tree.ts';

const [photos, rounds = '8', seconds = '5'] = process.argv.slice(2);
const command = natsCommand();
if (photos === undefined || command === undefined)
  throw new Error('bench:fleet <folder of photos> [rounds] [seconds]: and nats-server');

interface Phase {
  readonly workers: 1 | 2;
  readonly begin: number;
  readonly end: number;
  /** Milliseconds of the processors that the workers were given. */
  readonly processor: number;
}

const facts = async () => `load ${loadavg()[0]!.toFixed(2)}, ${(await freeCores(2)).toFixed(2)} of 2 cores free`;
console.log(`node ${process.version}, ${await facts()}`);
const servers = await natsServers(command);
const output = await mkdtemp(join(tmpdir(), 'diptych-bench-'));
const workers: ChildProcess[] = [];
try {
  const names = (await readdir(photos)).filter((name) => name.endsWith('.jpg'));
  const often = Array.from({ length: 20 }, () => names).flat();
  const data = { kind: 'images', root: photos } as const;
  await using fleet = await openFleet({ servers: servers.urls, job: 'bench' });
  const shards = shardsOf(data, often.slice(0, 40_000), { shardSize: 8 });
  await submit(fleet, { data, model, precision: 'float32' }, shards, { ackWait: 3_600_000 });
  const script = fileURLToPath(new URL('fleet-worker.ts', import.meta.url));
  for (const name of ['a', 'b']) {
    const args = ['--conditions=@diptych/source', script, servers.urls[0]!, 'bench', output, name];
    workers.push(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  }
  const by = async () => new Set((await reports()).map(({ worker }) => worker)).size;
  while ((await by()) < 2) await setTimeout(200);
  const phases = await measured();
  for (const worker of workers) worker.kill('SIGKILL');
  tell(phases, await reports());
} finally {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await servers.remove();
  await rm(output, { recursive: true, force: true });
}
console.log(await facts());

async function measured(): Promise<readonly Phase[]> {
  const phases: Phase[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    for (const count of [1, 2] as const) {
      workers[1]!.kill(count === 1 ? 'SIGSTOP' : 'SIGCONT');
      const [begin, before] = [Date.now(), processor()];
      await setTimeout(1000 * Number(seconds));
      phases.push({ workers: count, begin, end: Date.now(), processor: processor() - before });
    }
  }
  return phases;
}

function processor(): number {
  return workers.reduce((sum, { pid }) => sum + taken(pid!, false).processor, 0);
}

async function reports(): Promise<readonly ShardReport[]> {
  const folder = join(output, 'reports');
  const files = await readdir(folder).catch(() => []);
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as ShardReport));
}

function tell(phases: readonly Phase[], all: readonly ShardReport[]): void {
  const rows = ({ begin, end }: Phase) =>
    all.filter(({ ended }) => ended > begin && ended <= end).reduce((sum, one) => sum + one.rows, 0);
  const [one, two] = ([1, 2] as const).map((count) => {
    const own = phases.filter(({ workers: n }) => n === count);
    const paces = own.map((phase) => (1000 * rows(phase)) / (phase.end - phase.begin));
    const each = own.reduce((sum, { processor: ms }) => sum + ms, 0) / own.reduce((sum, phase) => sum + rows(phase), 0);
    const shown = paces.map((pace) => pace.toFixed(1)).join(' ');
    console.log(
      `${count} at work: ${median(paces).toFixed(1)} photos/s (${shown}), ${each.toFixed(1)} ms of a core each`,
    );
    return { paces, each };
  });
  const ratio = median(one!.paces.map((pace, round) => two!.paces[round]! / pace));
  console.log(
    `2 against 1: ${ratio.toFixed(2)} on the clock, ${((2 * one!.each) / two!.each).toFixed(2)} by the processor time`,
  );
}
