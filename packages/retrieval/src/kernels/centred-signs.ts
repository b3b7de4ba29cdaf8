import { columnMeans, type Embeddings, type SearchKernel, type SearchProducts } from '@diptych/core';

/** Bits of a component of a query, as many queries of the kernel. */
const planes = 4;
const most = 2 ** planes - 1;

/**
 * Products of queries with rows of which the mean and, of what is beyond it, the signs are known. What a query has beyond
 * the mean is rounded to four bits a component, each of which is a query of signs; signs count for what makes their product
 * with their own row right, Gao and Long 2024, RaBitQ, arXiv:2405.12497, without its rotation.
 */
export function centredSigns(
  rows: Embeddings,
  kernel: SearchKernel<'ubinary'>,
): (queries: Embeddings) => SearchProducts {
  const mean = columnMeans(rows);
  const { bits, factors, alongs } = signsBeyond(rows, mean);
  const prepare = kernel(bits);
  return (queries) => {
    const [n, dim] = queries.shape;
    const { planesOf, steps } = bitPlanes(queries, mean);
    const products = prepare(planesOf);
    const offsets = Float64Array.from({ length: n }, (_, q) => dot(queries.data, q * dim, mean));
    let room = new Float64Array(0);
    return (first, count, out) => {
      if (room.length < n * planes * count) room = new Float64Array(n * planes * count);
      products(first, count, room);
      for (let q = 0; q < n; q++) {
        const at = q * planes * count;
        for (let i = 0; i < count; i++) {
          let sum = 0;
          for (let plane = 0; plane < planes; plane++) sum += room[at + plane * count + i]! * 2 ** plane;
          out[q * count + i] = offsets[q]! + alongs[first + i]! + steps[q]! * factors[first + i]! * sum;
        }
      }
    };
  };
}

function signsBeyond(
  { data, shape, model }: Embeddings,
  mean: Float64Array,
): { bits: Embeddings<'ubinary'>; factors: Float64Array; alongs: Float64Array } {
  const [n, dim] = shape;
  const width = Math.ceil(dim / 8);
  const bits = new Uint8Array(n * width);
  const factors = new Float64Array(n);
  const alongs = new Float64Array(n); // Products with the mean, of what is beyond it.
  for (let row = 0; row < n; row++) {
    let [sum, squares, along] = [0, 0, 0];
    for (let i = 0; i < dim; i++) {
      const beyond = data[row * dim + i]! - mean[i]!;
      sum += Math.abs(beyond);
      squares += beyond * beyond;
      along += beyond * mean[i]!;
      if (beyond > 0) bits[row * width + (i >> 3)]! |= 128 >> (i & 7);
    }
    factors[row] = sum > 0 ? squares / sum : 0;
    alongs[row] = along;
  }
  return { bits: { precision: 'ubinary', model, data: bits, shape }, factors, alongs };
}

/** Odd numbers up to `most` in magnitude, bit by bit, and for what one counts. */
function bitPlanes(
  { data, shape: [n, dim], model }: Embeddings,
  mean: Float64Array,
): {
  planesOf: Embeddings<'ubinary'>;
  steps: Float64Array;
} {
  const width = Math.ceil(dim / 8);
  const bits = new Uint8Array(n * planes * width);
  const steps = new Float64Array(n);
  for (let q = 0; q < n; q++) {
    const beyond = mean.map((value, i) => data[q * dim + i]! - value);
    const largest = beyond.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    steps[q] = largest / most;
    for (let i = 0; i < dim; i++) {
      const level = largest > 0 ? Math.round(((beyond[i]! / largest + 1) * most) / 2) : 0;
      for (let plane = 0; plane < planes; plane++) {
        if ((level >> plane) & 1) bits[(q * planes + plane) * width + (i >> 3)]! |= 128 >> (i & 7);
      }
    }
  }
  return { planesOf: { precision: 'ubinary', model, data: bits, shape: [n * planes, dim] }, steps };
}

function dot(data: Float32Array, at: number, mean: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < mean.length; i++) sum += data[at + i]! * mean[i]!;
  return sum;
}
