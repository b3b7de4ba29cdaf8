import { createHash } from 'node:crypto';
import { checkSignal, EmbeddingError, expectFunction, expectMembers, expectText } from '@diptych/core';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { EmbeddingSpace } from 'diptych';
import type { Fleet } from './fleet.ts';
import {
  type DeadShard,
  type JobPlan,
  type Manifest,
  type ModelIdentity,
  read,
  type Shard,
  shardMembers,
  type ShardReport,
} from './job.ts';
import { expectSame } from './model-identity.ts';
import { expectNames, shardItems } from './shard-items.ts';
import { shardRows } from './shard-rows.ts';
import type { Sink } from './sink.ts';
import { manifestOf } from './submit.ts';

export interface WorkOptions {
  readonly space: Pick<EmbeddingSpace, 'stream'>;
  /** What `modelIdentity` says of the space. */
  readonly model: ModelIdentity;
  readonly sink: Sink;
  /** Names the worker: letters, digits, `-` and `_`. */
  readonly worker: string;
  /** Where the data is on this machine. Default where it was on that which submitted it. */
  readonly root?: string | undefined;
  readonly batchSize?: number | undefined;
  /** How often a shard is handed out before it is given up; default 5. */
  readonly maxDeliver?: number;
  /** Told of each shard that came to an end here. */
  readonly onShard?: (outcome: ShardReport | DeadShard) => void;
}

/** What a worker did. */
export interface Worked {
  readonly shards: number;
  readonly rows: number;
  readonly skipped: number;
  readonly dead: number;
}

const expires = 2000;
/** Of what a message tells of items that were left out. */
const toldItems = 10;
const retryMs = 1000;

/**
 * Takes shards one at a time, embeds them and puts their rows into the sink, until all of the job are done or dead. A
 * shard is acknowledged when its rows are on the disk; while it is in work the servers hear of it; when the fleet's signal
 * is aborted it is handed back at once. What fails is tried again, here or elsewhere, and given up with the reason after
 * `maxDeliver` times.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the job was submitted for another model; what the sink throws, after the
 *   shard was handed back: this machine cannot write, others may; `NOT_FOUND` where the job was not submitted.
 */
export async function work(fleet: Fleet, options: WorkOptions): Promise<Worked> {
  expectMembers(fleet, 'work: fleet', 'consumer', 'persist');
  const { model, worker, sink, space } = expectMembers(options, 'work: options', 'model', 'worker', 'sink', 'space');
  expectMembers(space, 'work: space', 'stream');
  expectMembers(sink, 'work: sink', 'find', 'put');
  expectText(worker, 'work: worker');
  if (options.onShard !== undefined) expectFunction(options.onShard, 'work: onShard');
  if (!/^[\w-]{1,128}$/.test(worker))
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'work: worker',
      expected: 'letters, digits, - and _',
      got: `'${worker}'`,
    });
  const manifest = await manifestOf(fleet);
  expectSame(fleet.job, manifest.model, model);
  const worked = { shards: 0, rows: 0, skipped: 0, dead: 0 };
  const consumer = await fleet.consumer();
  const { ack_wait: ackWait = 0 } = (await fleet.consumerInfo()).config;
  for (;;) {
    checkSignal(fleet.signal);
    const message = await next(fleet, consumer);
    if (message) {
      const outcome = await handled(fleet, message, { ...options, manifest, heartbeatMs: ackWait / 1e6 / 3 });
      if (!outcome) continue;
      if ('reason' in outcome) worked.dead++;
      else {
        worked.shards++;
        worked.rows += outcome.rows;
        worked.skipped += outcome.items - outcome.rows;
      }
      options.onShard?.(outcome);
    } else if (await isOver(fleet)) return worked;
  }
}

async function next(fleet: Fleet, consumer: Consumer): Promise<JsMsg | null> {
  return fleet.persist(async () => {
    const { signal } = fleet;
    let stop = () => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal!.reason as Error);
      signal?.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([consumer.next({ expires }), aborted]);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  });
}

/** Whether all of the job was submitted, and nothing is left to do or in work elsewhere. */
async function isOver(fleet: Fleet): Promise<boolean> {
  const { num_pending: waiting, num_ack_pending: inWork } = await fleet.consumerInfo();
  return waiting === 0 && inWork === 0 && (await manifestOf(fleet)).shards !== undefined;
}

interface Context extends WorkOptions {
  readonly manifest: Manifest;
  readonly heartbeatMs: number;
}

/** What came of a shard; nothing where it was done before or is tried again. */
async function handled(fleet: Fleet, message: JsMsg, context: Context): Promise<ShardReport | DeadShard | undefined> {
  const alive = setInterval(() => message.working(), context.heartbeatMs);
  try {
    const shard = read<Shard & { version?: 1 }>(message.data, message.subject, shardMembers);
    if (await fleet.last(`done.${shard.shard}`)) {
      await acknowledged(fleet, message);
      return undefined;
    }
    return await attempted(fleet, { message, shard }, context);
  } catch (error) {
    message.nak();
    await fleet.flush().catch(() => {}); // The shard goes to somebody else when its time is over.
    throw error;
  } finally {
    clearInterval(alive);
  }
}

interface Task {
  readonly message: JsMsg;
  readonly shard: Shard;
}

async function attempted(fleet: Fleet, task: Task, context: Context): Promise<ShardReport | DeadShard | undefined> {
  const { message, shard } = task;
  const { worker, maxDeliver = 5 } = context;
  const deliveries = message.info.deliveryCount;
  if (deliveries > maxDeliver)
    return dead(fleet, task, { worker, reason: `was in work ${maxDeliver} times, and never came to an end` });
  await fleet.publish(`worker.${worker}`, { version: 1, worker, shard: shard.shard, since: Date.now() });
  const fault: { error?: unknown } = {};
  try {
    const report = await embedded(fleet, task, context, fault);
    const told = { ...report, deliveries, skipped: report.skipped.slice(0, toldItems) };
    await fleet.publish(`done.${shard.shard}`, told);
    await acknowledged(fleet, message);
    return report;
  } catch (error) {
    if (fleet.signal?.aborted || !('error' in fault)) throw error; // Not the shard's.
    const reason =
      fault.error instanceof EmbeddingError ? `${fault.error.code}: ${fault.error.message}` : String(fault.error);
    if (deliveries >= maxDeliver) return dead(fleet, task, { worker, reason });
    message.nak(retryMs * 2 ** (deliveries - 1));
    return undefined;
  }
}

/** @param fault Gets the error where it is of the shard and not of the sink. */
async function embedded(
  fleet: Fleet,
  { message, shard }: Task,
  context: Context,
  fault: { error?: unknown },
): Promise<ShardReport> {
  const { manifest, sink, space, root, batchSize, worker } = context;
  const begun = Date.now();
  const plan = planHash(manifest);
  const owner = { job: fleet.job, plan, shard: shard.shard, names: shard.names };
  const before = await sink.find(shard.shard);
  if (before) return ours(before, owner);
  const data = { ...manifest.data, ...(root !== undefined && { root }) };
  const { signal } = fleet;
  const all = shardRows(space, shardItems(shard, data, signal), { precision: manifest.precision, batchSize, signal });
  const rows = async function* () {
    try {
      yield* all.blocks;
      expectNames(shard, all.names);
    } catch (error) {
      fault.error = error;
      throw error;
    }
  };
  const finished = () => {
    const { skipped } = all;
    const deliveries = message.info.deliveryCount;
    return { ...owner, items: shard.items, skipped, worker, deliveries, begun, ended: Date.now() };
  };
  return ours(await sink.put(shard, rows(), finished), owner);
}

/** @throws {EmbeddingError} `INPUT_INVALID` where what is there is of another job. */
function ours(report: ShardReport, owner: Pick<ShardReport, 'job' | 'plan' | 'shard' | 'names'>): ShardReport {
  if (report.job === owner.job && report.plan === owner.plan && report.names === owner.names) return report;
  throw new EmbeddingError('INPUT_INVALID', {
    where: `shard ${owner.shard}`,
    expected: `an output of job '${owner.job}' alone`,
    got: `rows of job '${report.job}'`,
    cure: 'use another --output',
  });
}

/** What rows of one shard must have in common. */
function planHash({ model, precision }: Pick<JobPlan, 'model' | 'precision'>): string {
  return createHash('sha256')
    .update(JSON.stringify([model, precision]))
    .digest('hex');
}

async function dead(
  fleet: Fleet,
  { message, shard }: Task,
  why: Pick<DeadShard, 'worker' | 'reason'>,
): Promise<DeadShard> {
  const given: DeadShard = {
    version: 1,
    shard: shard.shard,
    items: shard.items,
    deliveries: message.info.deliveryCount,
    ...why,
  };
  await fleet.publish(`dead.${shard.shard}`, given);
  await acknowledged(fleet, message);
  return given;
}

/** Waits for the server's word, without which the shard would be handed out again; where there is none, that does no harm. */
async function acknowledged(fleet: Fleet, message: JsMsg): Promise<void> {
  await fleet.persist(async () => message.ackAck());
}
