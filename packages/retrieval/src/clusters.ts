import { EmbeddingError, type Embeddings, expectMembers, seededRandom, turn } from '@diptych/core';
import { checkCount, checkRows } from './check-rows.ts';
import { type Assignment, assign } from './clusters/assign.ts';
import { directions } from './clusters/directions.ts';
import { spreadRows } from './clusters/spread-rows.ts';
import { unitRows } from './unit-rows.ts';

export interface ClusterOptions {
  /** Default 0. The same seed gives the same clusters. */
  readonly seed?: number | undefined;
  /** Default 100; fewer when nothing moves any more. */
  readonly maxIterations?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Clusters extends Assignment {
  /** `[count, dim]`, unit rows. */
  readonly centres: Embeddings;
}

/**
 * Spherical k-means, Dhillon and Modha 2001, started as k-means++ does with `1 - cosine` as distance. The event loop
 * turns between iterations; rejects with the reason of its signal.
 *
 * @param rows `[n, dim]`; length does not matter.
 * @param count Clusters, 1 to `n`. None is empty.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows or another count.
 */
export async function clusters(rows: Embeddings, count: number, options: ClusterOptions = {}): Promise<Clusters> {
  expectMembers(options, 'clusters: options');
  const { seed = 0, maxIterations = 100, signal } = options;
  checkRows('clusters', rows);
  checkCount('clusters: maxIterations', maxIterations);
  if (!Number.isInteger(count) || count < 1 || count > rows.shape[0]) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'clusters',
      expected: `1 to ${rows.shape[0]} clusters`,
      got: count,
    });
  }
  const unit = unitRows(rows);
  let centres = spreadRows(unit, count, seededRandom(seed));
  await turn(signal);
  let found = assign(unit, centres);
  for (let i = 0; i < maxIterations; i++) {
    await turn(signal);
    centres = directions(unit, found.cluster, centres);
    const next = assign(unit, centres);
    const moved = next.cluster.some((cluster, row) => cluster !== found.cluster[row]);
    found = next;
    if (!moved) break;
  }
  return { ...found, centres };
}
