import { cosineSimilarity } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';
import type { Query } from '../queries.ts';
import { topK } from '../top-k.ts';
import type { ImageIndex } from './image-index.ts';
import type { Listed } from './list-images.ts';

/** One image found. */
export interface Hit {
  readonly path: string;
  /** Cosine in `[-1, 1]`, or at most 0 by order. */
  readonly score: number;
}

export interface SearchedImages {
  readonly space: Pick<EmbeddingSpace, 'similarity'>;
  readonly index: ImageIndex;
  readonly listed: ReadonlyMap<string, Listed>;
}

/** Per query its best images among those listed, best first. Images are compared with each other by cosine. */
export async function bestImages(
  { space, index, listed }: SearchedImages,
  queries: readonly Query[],
  k: number,
): Promise<Hit[][]> {
  const found = queries.map(() => topK<string>(k));
  for await (const { keys, rows } of index.blocks()) {
    const paths = keys.map((key) => listed.get(key)?.path);
    queries.forEach(({ modality, row }, q) => {
      const scores = modality === 'text' ? space.similarity(rows, row) : cosineSimilarity(rows, row);
      paths.forEach((path, i) => path !== undefined && found[q]!.add(path, scores[i]!));
    });
  }
  return found.map(({ best }) => best.map(({ value, score }) => ({ path: value, score })));
}
