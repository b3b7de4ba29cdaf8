import { cosineSimilarity } from '@diptych/core';
import type { Query } from '../queries.ts';
import { topK } from '../top-k.ts';
import type { ImageIndex } from './image-index.ts';
import type { Listed } from './list-images.ts';

/** One image found. */
export interface Hit {
  readonly path: string;
  /** Cosine, in `[-1, 1]`. */
  readonly score: number;
}

/** Per query its best images among those listed, best first. */
export async function bestImages(
  index: ImageIndex,
  listed: ReadonlyMap<string, Listed>,
  queries: readonly Query[],
  k: number,
): Promise<Hit[][]> {
  const found = queries.map(() => topK<string>(k));
  for await (const { keys, rows } of index.blocks()) {
    const paths = keys.map((key) => listed.get(key)?.path);
    queries.forEach(({ row }, q) => {
      const scores = cosineSimilarity(row, rows);
      paths.forEach((path, i) => path !== undefined && found[q]!.add(path, scores[i]!));
    });
  }
  return found.map(({ best }) => best.map(({ value, score }) => ({ path: value, score })));
}
