import { expectItems, expectList } from '../arguments.ts';
import { EmbeddingError } from '../error.ts';

export interface Ranked<Item> {
  readonly item: Item;
  readonly score: number;
}

/**
 * Rankings of several searches as one, Cormack et al. 2009: an item scores `Σ 1 / (k + rank)` over the lists that hold
 * it, ranks counted from 1.
 *
 * @param lists Best first, each item at most once in a list; compared as `Map` keys are, so pass ids.
 * @param k How little the first ranks stand out; 60 in the paper.
 * @returns Best first; equal scores in the order in which the items were first met.
 * @throws {EmbeddingError} `INPUT_INVALID` for an item twice in a list, `CONFIG_INVALID` for a negative `k`.
 */
export function reciprocalRankFusion<Item>(lists: readonly (readonly Item[])[], k = 60): Ranked<Item>[] {
  if (!(k >= 0))
    throw new EmbeddingError('CONFIG_INVALID', { where: 'reciprocalRankFusion', expected: 'k of at least 0', got: k });
  expectItems(lists, 'reciprocalRankFusion: lists');
  const scores = new Map<Item, number>();
  for (const [which, list] of lists.entries()) {
    expectList(list, `reciprocalRankFusion: list ${which}`);
    if (new Set(list).size < list.length) {
      const where = `reciprocalRankFusion: list ${which}`;
      throw new EmbeddingError('INPUT_INVALID', { where, expected: 'each item once', got: 'one twice' });
    }
    list.forEach((item, i) => scores.set(item, (scores.get(item) ?? 0) + 1 / (k + i + 1)));
  }
  return Array.from(scores, ([item, score]) => ({ item, score })).toSorted((a, b) => b.score - a.score);
}
