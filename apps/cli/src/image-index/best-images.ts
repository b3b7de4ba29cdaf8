import { cosineSimilarity, TopK } from '@diptych/core';
import { type Query, sideBySide } from '../queries.ts';
import type { Space } from '../space.ts';
import type { ImageIndex } from './image-index.ts';
import type { Listed } from './list-images.ts';

/** One file found. */
export interface Hit {
  readonly path: string;
  /** Cosine in `[-1, 1]`, or at most 0 by order. */
  readonly score: number;
}

export interface SearchedImages {
  readonly space: Pick<Space, 'similarity' | 'similarityFunction'>;
  readonly index: ImageIndex;
  readonly listed: ReadonlyMap<string, Listed>;
}

/** Per query its best files among those listed, best first. Files are compared with each other by cosine. */
export async function bestImages(
  searched: SearchedImages,
  queries: readonly Query[],
  { k, signal }: { readonly k: number; readonly signal: AbortSignal },
): Promise<Hit[][]> {
  const { space, index, listed } = searched;
  const isWhole = index.keys.every((key) => listed.has(key));
  const isByCosine = ({ modality }: Query) => space.similarityFunction === 'cosine' || modality !== 'text';
  if (!isWhole || !queries.every(isByCosine)) return scannedImages(searched, queries, k);
  const all = sideBySide(queries.map(({ row }) => row));
  const found = await index.search(all, k, signal);
  return found.map((hits) => hits.map(({ key, score }) => ({ path: listed.get(key)!.path, score })));
}

/** In one pass over all that is in the index. */
async function scannedImages(
  { space, index, listed }: SearchedImages,
  queries: readonly Query[],
  k: number,
): Promise<Hit[][]> {
  const found = queries.map(() => new TopK(k));
  const paths: (string | undefined)[] = [];
  for await (const { keys, rows } of index.blocks()) {
    const here = keys.map((key) => listed.get(key)?.path);
    queries.forEach(({ modality, row }, q) => {
      const scores = modality === 'text' ? space.similarity(rows, row) : cosineSimilarity(rows, row);
      here.forEach((path, i) => path !== undefined && found[q]!.add(paths.length + i, scores[i]!));
    });
    for (const path of here) paths.push(path);
  }
  return found.map((best) => best.hits().map(({ row, score }) => ({ path: paths[row]!, score })));
}
