import { EmbeddingError, expectMembers } from '@diptych/core';
import type { Fleet } from './fleet.ts';
import { deadOf } from './fleet-status.ts';
import { read, type Shard, shardMembers } from './job.ts';

/**
 * Hands out again what was given up.
 *
 * @returns How many shards.
 * @throws {EmbeddingError} `NOT_FOUND` where the job was not submitted; `NETWORK`.
 */
export async function retryDead(fleet: Fleet): Promise<number> {
  expectMembers(fleet, 'retryDead', 'all', 'last', 'publish', 'remove');
  const dead = await deadOf(fleet);
  for (const {
    dead: { shard: number },
    seq,
  } of dead) {
    const bytes = await fleet.last(`shard.${number}`);
    const where = `job '${fleet.job}'`;
    if (!bytes) throw new EmbeddingError('NOT_FOUND', { where, expected: `shard ${number}`, got: 'none' });
    const shard = read<Shard & { version?: 1 }>(bytes, `shard ${number}`, shardMembers);
    await fleet.publish(`shard.${number}`, shard, `retry-${number}-${seq}`);
    await fleet.remove(seq);
  }
  return dead.length;
}
