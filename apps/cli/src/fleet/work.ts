import { hostname } from 'node:os';
import { type DeadShard, type ShardReport, work } from '@diptych/fleet';
import type { FleetWorkOptions } from '../commands/fleet-work.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat, type Format } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { openIdentified } from './open-identified.ts';
import { openJob } from './open-job.ts';
import { openSink } from './open-sink.ts';

/** @returns How many images were left out, and shards given up. */
export async function fleetWork(options: FleetWorkOptions, io: Io): Promise<number> {
  const { data: root, batchSize, maxDeliver, format = defaultFormat(io.stdout) } = options;
  const worker = options.worker ?? `${hostname().replaceAll(/[^\w-]/g, '-')}-${process.pid}`;
  const progress = terminalProgress(io, options.quiet);
  await using fleet = await openJob(options, io, progress);
  const { space, model } = await openIdentified(options, io, progress);
  let written = Promise.resolve();
  try {
    await using sink = await openSink(fleet, options, progress);
    const onShard = (outcome: ShardReport | DeadShard) => {
      written = written.then(async () => write(io.stdout, `${line(outcome, format)}\n`));
      written.catch(() => {}); // Waited for at the end.
    };
    const done = await work(fleet, { space, model, sink, worker, root, batchSize, maxDeliver, onShard });
    await written;
    return done.skipped + done.dead;
  } finally {
    space.dispose();
  }
}

function line(outcome: ShardReport | DeadShard, format: Format): string {
  const { shard, items } = outcome;
  const dead = 'reason' in outcome ? outcome.reason : undefined;
  const rows = 'rows' in outcome ? outcome.rows : 0;
  if (format === 'jsonl') return JSON.stringify({ shard, items, rows, dead });
  return dead === undefined ? `shard ${shard}: ${rows} of ${items}` : `shard ${shard}: given up: ${oneLine(dead)}`;
}
