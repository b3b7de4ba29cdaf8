import { expectList } from '@diptych/core';
/**
 * Which pairs of rows belong to one image, so that a loss does not push them apart.
 *
 * @param groups `[n]`, as `Pair.group`. Losses that take labels want these numbers themselves.
 * @returns `[n, n]`, row-major: 1 where the rows are of one group, as on the diagonal, else 0.
 */
export function sameGroup(groups: ArrayLike<number>): Uint8Array {
  expectList(groups, 'sameGroup');
  const n = groups.length;
  return Uint8Array.from({ length: n * n }, (_, i) => Number(groups[Math.floor(i / n)] === groups[i % n]));
}
