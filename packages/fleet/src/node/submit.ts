import { expectItems, expectMembers, expectPrecision } from '@diptych/core';
import type { Fleet, JobSettings } from './fleet.ts';
import { type JobPlan, type Manifest, manifestMembers, read, type Shard } from './job.ts';
import { expectSame } from './model-identity.ts';
import { expectData } from './shards-of.ts';

export interface SubmitOptions extends JobSettings {
  /** Called with what was submitted so far. */
  readonly onProgress?: (shards: number, items: number) => void;
}

/** What a job has. */
export interface Submitted {
  readonly shards: number;
  readonly items: number;
  /** Whether it was all there before. */
  readonly before: boolean;
}

/**
 * Hands the shards of a job to the servers, one message each, and the plan that all workers must agree with. A call that
 * was interrupted is made again: what is there is not there twice.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a job of that name has another plan; `NETWORK`.
 */
export async function submit(
  fleet: Fleet,
  plan: JobPlan,
  shards: Iterable<Shard> | AsyncIterable<Shard>,
  options: SubmitOptions = {},
): Promise<Submitted> {
  expectMembers(fleet, 'submit: fleet', 'create', 'publish');
  const { data, model, precision } = expectMembers(plan, 'submit: plan', 'data', 'model', 'precision');
  expectData(data, 'submit: data');
  expectMembers(model, 'submit: model', 'id', 'files');
  expectPrecision(precision, 'submit: precision');
  expectItems(shards, 'submit: shards');
  const { onProgress, ...settings } = expectMembers(options, 'submit: options');
  await fleet.create(settings);
  const manifest: Manifest = { version: 1, data, model, precision };
  const before = await fleet.last('manifest');
  if (before) {
    const {
      version: _,
      shards: count,
      items = 0,
      ...rest
    } = read<Manifest>(before, `job '${fleet.job}'`, manifestMembers);
    expectSame(fleet.job, rest, { data, model, precision });
    if (count !== undefined) return { shards: count, items, before: true };
  }
  await fleet.publish('manifest', manifest, 'manifest');
  let [count, items] = [0, 0];
  for await (const shard of shards) {
    await fleet.publish(`shard.${shard.shard}`, shard, `shard-${shard.shard}`);
    count++;
    items += shard.items;
    onProgress?.(count, items);
  }
  await fleet.publish('manifest', { ...manifest, shards: count, items }, 'manifest-whole');
  return { shards: count, items, before: false };
}

/**
 * The plan of a job.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where the job was not submitted; `NETWORK`.
 */
export async function manifestOf(fleet: Fleet): Promise<Manifest> {
  expectMembers(fleet, 'manifestOf', 'last');
  const bytes = await fleet.last('manifest');
  return read<Manifest>(bytes ?? new TextEncoder().encode('{}'), `job '${fleet.job}'`, manifestMembers);
}
