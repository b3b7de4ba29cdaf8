import { searchKernels } from '@diptych/backend-wasm/search';
import { clusters, duplicates } from '@diptych/retrieval';
import { byAxes, byNeighbours, type Points } from './map-points.ts';
import { embeddings, type Matrix } from './rows.ts';

/** What is worked out of all rows. */
export interface Tasks {
  duplicates: { readonly rows: Matrix; readonly threshold: number };
  clusters: { readonly rows: Matrix; readonly count: number };
  axes: { readonly rows: Matrix };
  neighbours: { readonly rows: Matrix };
}

export interface Results {
  /** Groups of places of rows, two or more in each. */
  duplicates: readonly (readonly number[])[];
  /** The cluster of each row, how near the row is to its centre, and the centres. */
  clusters: { readonly cluster: Int32Array; readonly cosine: Float64Array; readonly centres: Matrix };
  /** Maps, by the axes along which rows differ most, and by neighbourhoods. */
  axes: Points;
  neighbours: Points;
}

export type Kind = keyof Tasks;

/** Does a task, in the thread that asks; progress is the share that is done, 0 to 1. */
export const doing: {
  readonly [K in Kind]: (task: Tasks[K], onProgress: (share: number) => void) => Promise<Results[K]>;
} = {
  async duplicates({ rows, threshold }, onProgress) {
    const kernels = await searchKernels();
    // Of all pairs, each row has those with the rows after it.
    const told = (done: number) => onProgress(1 - (1 - done / rows.shape[0]) ** 2);
    return duplicates(embeddings(rows), threshold, { kernel: kernels?.float32, onProgress: told });
  },
  async clusters({ rows, count }) {
    const { cluster, cosine, centres } = await clusters(embeddings(rows), Math.min(count, rows.shape[0]));
    return { cluster, cosine, centres: { data: centres.data, shape: centres.shape } };
  },
  axes: ({ rows }) => byAxes(rows),
  async neighbours({ rows }, onProgress) {
    const kernels = await searchKernels();
    return byNeighbours(rows, { onProgress, kernel: kernels?.float32 });
  },
};
