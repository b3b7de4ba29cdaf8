import {
  type Batch,
  type EmbeddingData,
  type Embeddings,
  EmbeddingError,
  isObject,
  type Precision,
  quantize,
} from '@diptych/core';

/**
 * Refuses rows with NaN or infinities, which spread silently through an index.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where numbers of the batch are not finite themselves, else `CHECKPOINT_INVALID`.
 */
export function checkFinite(rows: Float32Array, dim: number, model: string, batch: Batch): void {
  const at = rows.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  checkNumbers(batch);
  const where = `${model}: row ${Math.floor(at / dim)}`;
  const expected = 'numbers, which weights that overflow or are damaged do not give';
  throw new EmbeddingError('CHECKPOINT_INVALID', { where, expected, got: rows[at] });
}

function checkNumbers({ shape: [n], ...arrays }: Batch): void {
  for (const [name, values] of Object.entries<unknown>(arrays)) {
    if (!(values instanceof Float32Array)) continue;
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const item = Math.floor(at / (values.length / n));
    throw new EmbeddingError('INPUT_INVALID', {
      where: `${name} of item ${item}`,
      expected: 'numbers',
      got: values[at],
    });
  }
}

/** The first `dim` components of every row: what Matryoshka-trained models allow. */
export function truncateRows(data: Float32Array, from: number, dim: number): Float32Array {
  if (!Number.isSafeInteger(dim) || dim < 1 || dim > from) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'truncateDim',
      expected: `a whole number from 1 to ${from}`,
      got: dim,
    });
  }
  if (dim === from) return data;
  const n = data.length / from;
  const out = new Float32Array(n * dim);
  for (let i = 0; i < n; i++) out.set(data.subarray(i * from, i * from + dim), i * dim);
  return out;
}

/** Rows scaled to length 1 in place, with the norm summed in float64. A zero row stays zero. */
export function normalizeRows(data: Float32Array, dim: number): Float32Array {
  for (let start = 0; start < data.length; start += dim) {
    let sum = 0;
    for (let k = start; k < start + dim; k++) sum += data[k]! * data[k]!;
    const norm = Math.sqrt(sum);
    if (norm > 0) for (let k = start; k < start + dim; k++) data[k]! /= norm;
  }
  return data;
}

/** Blocks of rows of one model as one. */
export function concatRows(blocks: readonly Embeddings[], empty: Embeddings): Embeddings {
  const [first] = blocks;
  if (!first) return empty;
  if (blocks.length === 1) return first;
  const dim = first.shape[1];
  const n = blocks.reduce((sum, block) => sum + block.shape[0], 0);
  const data = new Float32Array(n * dim);
  let at = 0;
  for (const block of blocks) {
    data.set(block.data, at);
    at += block.data.length;
  }
  return { ...first, data, shape: [n, dim] };
}

/** Rows of our own, which need no copy when they stay as they are. */
export function inPrecision<P extends Precision>(rows: Embeddings, precision: P): Embeddings<P> {
  return precision === 'float32'
    ? { ...rows, precision, data: rows.data as EmbeddingData[P] }
    : quantize(rows, precision);
}

/** Whether what may be items is rows of them. */
export function isRows(images: unknown): images is Embeddings {
  return isObject(images) && 'data' in images && 'shape' in images;
}
