import { verify } from '@diptych/fleet';
import type { FleetVerifyOptions } from '../commands/fleet-verify.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { openJob } from './open-job.ts';
import { openSink } from './open-sink.ts';

/** @returns How many shards are not there whole and once. */
export async function fleetVerify(options: FleetVerifyOptions, io: Io): Promise<number> {
  const { format = defaultFormat(io.stdout) } = options;
  const progress = terminalProgress(io, options.quiet);
  await using fleet = await openJob(options, io, progress);
  await using sink = await openSink(fleet, options, progress);
  const bar = progress.start('verifying');
  const verified = await verify(fleet, {
    sink,
    onProgress: (shards, of) => bar.update(shards, of),
  }).finally(() => bar.stop());
  const { problems, ...counts } = verified;
  for (const problem of problems) progress.note(`diptych: ${oneLine(problem)}`);
  const { items, shards, rows, skipped } = counts;
  const whole = `${problems.length === 0 ? 'whole' : 'not whole'}: ${items} images in ${shards} shards, `;
  const shown = `${whole}${rows} rows, ${skipped} left out\n`;
  await write(io.stdout, format === 'jsonl' ? `${JSON.stringify(verified)}\n` : shown);
  return problems.length;
}
