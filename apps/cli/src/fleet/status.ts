import { setTimeout } from 'node:timers/promises';
import { type FleetStatus, fleetStatus } from '@diptych/fleet';
import type { FleetStatusOptions } from '../commands/fleet-status.ts';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { openJob } from './open-job.ts';

const everyMs = 5000;

export async function showStatus(options: FleetStatusOptions, io: Io): Promise<void> {
  const { format = defaultFormat(io.stdout), watch = false } = options;
  await using fleet = await openJob(options, io, terminalProgress(io));
  for (;;) {
    const status = await fleetStatus(fleet);
    await write(io.stdout, format === 'jsonl' ? `${JSON.stringify(status)}\n` : table(status));
    if (!watch || (status.submitted && status.waiting + status.inWork === 0)) return;
    await setTimeout(everyMs, undefined, { signal: io.signal });
  }
}

function table(status: FleetStatus): string {
  const { shards, waiting, inWork, done, dead, redelivered, items, skipped, workers, submitted } = status;
  const facts = [
    ['job', `${status.job}${submitted ? '' : ' (still being submitted)'}`],
    ['shards', `${shards}: ${waiting} waiting, ${inWork} in work, ${done} done, ${dead.length} dead`],
    ['handed out again', `${redelivered}`],
    ['images', `${items} done, of which ${skipped} left out`],
    ['pace', `${status.itemsPerSecond.toFixed(1)} images/s`],
    ['time left', duration(status.secondsLeft)],
  ];
  const perWorker = workers.map((one) => [
    one.worker,
    `${one.shards}`,
    `${one.items}`,
    one.itemsPerSecond.toFixed(1),
    one.shard === undefined ? '' : `shard ${one.shard}`,
  ]);
  const head = ['worker', 'shards', 'images', 'images/s', 'at'];
  const reasons = dead.map(({ shard, reason }) => `shard ${shard}: given up: ${oneLine(reason)}\n`);
  return `${columns('ll', facts)}${workers.length > 0 ? columns('lrrrl', [head, ...perWorker]) : ''}${reasons.join('')}`;
}

function duration(seconds: number | undefined): string {
  if (seconds === undefined) return 'unknown';
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.round(seconds % 60)];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
