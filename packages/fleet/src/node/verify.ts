import { checkSignal, expectFunction, expectMembers } from '@diptych/core';
import type { Fleet } from './fleet.ts';
import { reportsOf } from './fleet-status.ts';
import { read, type Shard, shardMembers, type ShardReport } from './job.ts';
import { namesHash } from './shard-items.ts';
import type { Sink } from './sink.ts';
import { manifestOf } from './submit.ts';

export interface VerifyOptions {
  readonly sink: Sink;
  readonly onProgress?: (shards: number, of: number) => void;
}

/** What is there of a job. */
export interface Verified {
  readonly shards: number;
  readonly items: number;
  readonly rows: number;
  readonly skipped: number;
  /** One line for each shard that is not there whole and once; none where all is well. */
  readonly problems: readonly string[];
}

/**
 * Compares the rows of a job with what was submitted: each item is there exactly once, as a row or among what was left
 * out, in its order, and every file has its hash.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where the job was not submitted; `NETWORK`.
 */
export async function verify(fleet: Fleet, options: VerifyOptions): Promise<Verified> {
  expectMembers(fleet, 'verify: fleet', 'all', 'last');
  const { sink, onProgress } = expectMembers(options, 'verify: options', 'sink');
  expectMembers(sink, 'verify: sink', 'find', 'check', 'others');
  if (onProgress !== undefined) expectFunction(onProgress, 'verify: onProgress');
  const manifest = await manifestOf(fleet);
  const reports = await reportsOf(fleet);
  const problems: string[] = [];
  const shards = new Set<number>();
  let [items, rows, skipped] = [0, 0, 0];
  for await (const { data, subject } of fleet.all('shard.*')) {
    checkSignal(fleet.signal);
    const shard = read<Shard & { version?: 1 }>(data, subject, shardMembers);
    shards.add(shard.shard);
    items += shard.items;
    const report = await sink.find(shard.shard);
    const found = await shardProblems(shard, { report, done: reports.get(shard.shard), sink });
    problems.push(...found.map((problem) => `shard ${shard.shard}: ${problem}`));
    rows += report?.rows ?? 0;
    skipped += report?.skipped.length ?? 0;
    onProgress?.(shards.size, manifest.shards ?? shards.size);
  }
  if (manifest.shards !== shards.size || manifest.items !== items) {
    const expected =
      manifest.shards === undefined
        ? 'all of the job submitted'
        : `${manifest.shards} shards of ${manifest.items} items`;
    problems.push(`expected ${expected}, got ${shards.size} shards of ${items} items`);
  }
  for (const path of await sink.others(shards.size)) problems.push(`${path}: expected nothing, which no shard wrote`);
  return { shards: shards.size, items, rows, skipped, problems };
}

interface Found {
  readonly report: ShardReport | undefined;
  readonly done: ShardReport | undefined;
  readonly sink: Sink;
}

async function shardProblems(shard: Shard, { report, done, sink }: Found): Promise<readonly string[]> {
  if (!report) return [`expected its rows, got none`];
  if (report.names !== shard.names) return ['expected rows of this job, got those of another'];
  if (!done) return ['expected word that it is done, got none'];
  const { names, problems } = await sink.check(report);
  if (problems.length > 0) return problems;
  if (names.length + report.skipped.length !== shard.items)
    return [`expected ${shard.items} items, got ${names.length} rows and ${report.skipped.length} left out`];
  const left = new Map(report.skipped.map(({ place, name }) => [place, name]));
  const hash = namesHash();
  for (let place = 0, row = 0; place < shard.items; place++) hash.add(left.get(place) ?? names[row++] ?? '');
  return hash.hex() === shard.names ? [] : ['expected the items that were submitted, in their order, got others'];
}
