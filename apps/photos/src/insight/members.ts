import type { Results } from './tasks.ts';

/** Of each cluster the places of its rows, the nearest to its centre first; the largest cluster first. */
export function membersOf({ cluster, cosine, centres }: Results['clusters']): readonly Members[] {
  const members = Array.from({ length: centres.shape[0] }, (_, centre): { centre: number; places: number[] } => ({
    centre,
    places: [],
  }));
  for (const [place, centre] of cluster.entries()) members[centre]!.places.push(place);
  for (const { places } of members) places.sort((a, b) => cosine[b]! - cosine[a]! || a - b);
  return members.toSorted((a, b) => b.places.length - a.places.length || a.centre - b.centre);
}

export interface Members {
  /** Which of the centres. */
  readonly centre: number;
  readonly places: readonly number[];
}
