import type { Embeddings, SearchProducts, SearchQueries } from '@diptych/core';

/** As `dotInt8`, for rows that change; takes a byte for a component. */
export function dotSteps(rows: Embeddings<'int8'>): SearchQueries<'int8'> {
  const [n, dim] = rows.shape;
  const steps = new Int8Array(n * dim);
  steps.set(rows.data);
  const multiplyBy = ({ data }: Embeddings<'int8'>): SearchProducts => {
    const wide = Int32Array.from(data);
    return (first, count, out) => {
      for (let q = 0; q * dim < wide.length; q++) {
        const query = wide.subarray(q * dim, (q + 1) * dim);
        for (let i = 0; i < count; i++) out[q * count + i] = dot(query, steps, (first + i) * dim);
      }
    };
  };
  const write = (first: number, { data }: Embeddings<'int8'>) => steps.set(data, first * dim);
  const room = (first: number, count: number) => new Uint8Array(steps.buffer, first * dim, count * dim);
  return Object.assign(multiplyBy, { write, room });
}

/** Steps of one sum: `2 ** 16 * 128 * 128` is the most that 32 bits hold, for a quarter of them. */
const perSum = 2 ** 16;

/** Four sums: one alone waits for its last addition. */
function dot(query: Int32Array, rows: Int8Array, at: number): number {
  let total = 0;
  for (let start = 0; start < query.length; start += perSum) {
    const end = Math.min(query.length, start + perSum);
    const whole = start + ((end - start) & ~3);
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = start; k < whole; k += 4) {
      a = (a + query[k]! * rows[at + k]!) | 0;
      b = (b + query[k + 1]! * rows[at + k + 1]!) | 0;
      c = (c + query[k + 2]! * rows[at + k + 2]!) | 0;
      d = (d + query[k + 3]! * rows[at + k + 3]!) | 0;
    }
    for (let k = whole; k < end; k++) a = (a + query[k]! * rows[at + k]!) | 0;
    total += a + b + c + d;
  }
  return total;
}
