import { expectMembers } from '@diptych/core';
import type { Fleet } from './fleet.ts';
import { deadMembers, type DeadShard, read, reportMembers, type ShardReport } from './job.ts';
import { manifestOf } from './submit.ts';

/** What a worker did and does. */
export interface WorkerStatus {
  readonly worker: string;
  readonly shards: number;
  readonly items: number;
  readonly itemsPerSecond: number;
  /** The one that it took last, where it is not done. */
  readonly shard?: number;
}

/** How far a job is. */
export interface FleetStatus {
  readonly job: string;
  /** Whether all of it was submitted. */
  readonly submitted: boolean;
  readonly shards: number;
  readonly waiting: number;
  readonly inWork: number;
  readonly done: number;
  readonly dead: readonly DeadShard[];
  /** How often a shard was handed out again. */
  readonly redelivered: number;
  /** Of shards that are done. */
  readonly items: number;
  readonly skipped: number;
  /** Of the last ten minutes of work. */
  readonly itemsPerSecond: number;
  /** At that pace; undefined without one. */
  readonly secondsLeft: number | undefined;
  readonly workers: readonly WorkerStatus[];
}

const windowMs = 600_000;

/**
 * How far a job is, by what its workers said.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where the job was not submitted; `NETWORK`.
 */
export async function fleetStatus(fleet: Fleet): Promise<FleetStatus> {
  expectMembers(fleet, 'fleetStatus', 'all', 'last', 'consumerInfo');
  const manifest = await manifestOf(fleet);
  const reports = await reportsOf(fleet);
  const dead = (await deadOf(fleet)).flatMap(({ dead: one }) => (reports.has(one.shard) ? [] : [one]));
  const info = await fleet.consumerInfo();
  const inWork = info.num_ack_pending;
  const done = [...reports.values()];
  const shards = manifest.shards ?? info.num_pending + inWork + done.length + dead.length;
  const items = sum(done, (one) => one.items);
  const itemsPerSecond = pace(done);
  const left = manifest.items === undefined ? undefined : manifest.items - items - sum(dead, (one) => one.items);
  return {
    job: fleet.job,
    submitted: manifest.shards !== undefined,
    shards,
    waiting: Math.max(0, shards - inWork - done.length - dead.length),
    inWork,
    done: done.length,
    dead,
    redelivered: sum([...done, ...dead], (one) => one.deliveries - 1) + info.num_redelivered,
    items,
    skipped: sum(done, (one) => one.items - one.rows),
    itemsPerSecond,
    secondsLeft: left === undefined || itemsPerSecond === 0 ? undefined : left / itemsPerSecond,
    workers: await workersOf(fleet, reports),
  };
}

/** Of all shards that are done, by their numbers. */
export async function reportsOf(fleet: Fleet): Promise<ReadonlyMap<number, ShardReport>> {
  const reports = new Map<number, ShardReport>();
  for await (const { data, subject } of fleet.all('done.*')) {
    const report = read<ShardReport>(data, subject, reportMembers);
    reports.set(report.shard, report);
  }
  return reports;
}

/** What was given up, and the places of the messages that say so. */
export async function deadOf(fleet: Fleet): Promise<readonly { readonly dead: DeadShard; readonly seq: number }[]> {
  const found: { dead: DeadShard; seq: number }[] = [];
  for await (const { data, subject, seq } of fleet.all('dead.*'))
    found.push({ dead: read<DeadShard>(data, subject, deadMembers), seq });
  return found;
}

async function workersOf(fleet: Fleet, reports: ReadonlyMap<number, ShardReport>): Promise<readonly WorkerStatus[]> {
  const workers: WorkerStatus[] = [];
  for await (const { data, subject } of fleet.all('worker.*')) {
    const { worker, shard } = read<{ version: 1; worker: string; shard: number }>(data, subject, [
      'version',
      'worker',
      'shard',
    ]);
    const done = [...reports.values()].filter((report) => report.worker === worker);
    workers.push({
      worker,
      shards: done.length,
      items: sum(done, (one) => one.items),
      itemsPerSecond: pace(done),
      ...(!reports.has(shard) && { shard }),
    });
  }
  return workers.toSorted((a, b) => (a.worker < b.worker ? -1 : 1));
}

/** Items per second from the first to the last moment of the last ten minutes of work. */
function pace(reports: readonly ShardReport[]): number {
  const end = Math.max(...reports.map(({ ended }) => ended));
  const recent = reports.filter(({ ended }) => ended > end - windowMs);
  const begin = Math.min(...recent.map(({ begun }) => begun));
  return end > begin ? (sum(recent, ({ items }) => items) * 1000) / (end - begin) : 0;
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}
