import { EmbeddingError, expectMembers, seededRandom, turn } from '@diptych/core';
import { finiteRows, type Matrix, type Rows } from '../rows.ts';

/** The class `UMAP` of the package umap-js, as far as it is used. */
export type UmapClass = new (parameters: {
  readonly nNeighbors: number;
  readonly minDist: number;
  readonly random: () => number;
}) => {
  initializeFit(vectors: number[][]): number;
  step(): number;
  getEmbedding(): number[][];
};

export interface UmapOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Neighbours that a row keeps near: few show detail, many the whole. Default 15. */
  readonly neighbors?: number;
  /** Least distance of points on the map. Default 0.1. */
  readonly minDist?: number;
}

/**
 * A map by UMAP, McInnes et al. 2018 (arXiv:1802.03426), the same for the same seed. Distances on it mean little;
 * neighbourhoods do. Rows are compared by Euclidean distance: of unit rows that is the order of their cosines.
 *
 * @param implementation `UMAP` of umap-js, which is not installed with this package.
 * @returns Rows `[n, dim]` to points `[n, 2]`, epoch by epoch: rejects with the reason of its signal, and with
 *   `INPUT_INVALID` when there are not more rows than neighbours. Before the first epoch umap-js looks for neighbours, in
 *   one piece that grows faster than the number of rows: give a sample of some thousands.
 */
export function umap(
  implementation: UmapClass,
  options: UmapOptions = {},
): (rows: Rows, signal?: AbortSignal) => Promise<Matrix> {
  expectMembers(options, 'umap: options');
  const { seed = 0, neighbors = 15, minDist = 0.1 } = options;
  return async (rows, signal) => {
    const { data, shape } = finiteRows(rows, 'umap');
    const [n, dim] = shape;
    if (!(Number.isInteger(neighbors) && neighbors >= 1 && neighbors < n)) {
      throw new EmbeddingError('INPUT_INVALID', { where: 'umap', expected: `1 to ${n - 1} neighbors`, got: neighbors });
    }
    const vectors = Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * dim, (i + 1) * dim)));
    const run = new implementation({ nNeighbors: neighbors, minDist, random: seededRandom(seed) });
    const epochs = run.initializeFit(vectors);
    for (let epoch = 0; epoch < epochs; epoch++) {
      await turn(signal);
      run.step();
    }
    return { data: Float64Array.from(run.getEmbedding().flat()), shape: [n, 2] };
  };
}
