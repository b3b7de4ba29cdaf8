import { type Embeddings, expectFields, expectList, expectRows } from '@diptych/core';
import type { Assignment } from './assign.ts';

/** The rows of one cluster. */
export interface Members {
  /** Which of the centres. */
  readonly centre: number;
  /** Of its rows, the nearest to the centre first. */
  readonly places: readonly number[];
}

/** Of what `clusters` gives, all it takes to tell members. */
export interface Clustered extends Assignment {
  readonly centres: Pick<Embeddings, 'data' | 'shape'>;
}

/**
 * Of each cluster the places of its rows; the largest cluster first.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what `clusters` does not give.
 */
export function clusterMembers(found: Clustered): readonly Members[] {
  expectFields(found, 'clusterMembers');
  const { cluster, cosine, centres } = found;
  for (const list of [cluster, cosine]) expectList(list, 'clusterMembers');
  expectRows(centres, 'clusterMembers: centres');
  const members = Array.from({ length: centres.shape[0] }, (_, centre): { centre: number; places: number[] } => ({
    centre,
    places: [],
  }));
  for (const [place, centre] of Array.from(cluster).entries()) members[centre]?.places.push(place);
  for (const { places } of members) places.sort((a, b) => cosine[b]! - cosine[a]! || a - b);
  return members.toSorted((a, b) => b.places.length - a.places.length || a.centre - b.centre);
}

/** How many clusters are a beginning for so many rows: about the root of half of them, 40 at most. */
export function suggestedClusters(rows: number): number {
  return Math.max(1, Math.min(40, rows, Math.round(Math.sqrt(rows / 2)) + 1));
}
