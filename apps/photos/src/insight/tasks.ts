import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { clusters, duplicates } from '@diptych/retrieval';
import type { Matrix } from './rows.ts';

/** What is worked out of all rows. */
export interface Tasks {
  duplicates: { readonly rows: Matrix; readonly threshold: number };
  clusters: { readonly rows: Matrix; readonly count: number };
}

export interface Results {
  /** Groups of places of rows, two or more in each. */
  duplicates: readonly (readonly number[])[];
  /** The cluster of each row, how near the row is to its centre, and the centres. */
  clusters: { readonly cluster: Int32Array; readonly cosine: Float64Array; readonly centres: Matrix };
}

export type Kind = keyof Tasks;

/** Does a task, in the thread that asks. */
export const doing: { readonly [K in Kind]: (task: Tasks[K]) => Promise<Results[K]> } = {
  async duplicates({ rows, threshold }) {
    const kernels = await searchKernels();
    return duplicates(embeddings(rows), threshold, { kernel: kernels?.float32 });
  },
  async clusters({ rows, count }) {
    const { cluster, cosine, centres } = await clusters(embeddings(rows), Math.min(count, rows.shape[0]));
    return { cluster, cosine, centres: { data: centres.data, shape: centres.shape } };
  },
};

function embeddings({ data, shape }: Matrix): Embeddings {
  return { data, shape, model: 'photos', precision: 'float32' };
}
