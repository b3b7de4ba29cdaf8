import type { Embeddings, SearchQueries } from '@diptych/core';

/** Two steps share a double: their sums of products stay apart as long as each is below half of it. */
const shift = 2 ** 26;
/** Components of one such sum: `2048 * 127 * 127 < shift / 2`, and both together are below `2 ** 53`, so exact. */
const perSum = 2048;

/**
 * Two rows in one multiplication, exactly; JavaScript multiplies small integers no faster than doubles. Takes 4 bytes for
 * a component.
 */
export function dotInt8(rows: Embeddings<'int8'>): SearchQueries<'int8'> {
  const dim = rows.shape[1];
  const pairs = packPairs(rows);
  return ({ data }) => {
    const wide = Float64Array.from(data);
    return (first, count, out) => {
      for (let q = 0; q * dim < wide.length; q++) {
        const query = wide.subarray(q * dim, (q + 1) * dim);
        for (let pair = first >> 1; 2 * pair < first + count; pair++) {
          const i = 2 * pair - first;
          const [low, high] = dots(query, pairs, pair * dim);
          if (i >= 0) out[q * count + i] = low;
          if (i + 1 < count) out[q * count + i + 1] = high;
        }
      }
    };
  };
}

function dots(query: Float64Array, pairs: Float64Array, at: number): [low: number, high: number] {
  let [low, high] = [0, 0];
  for (let start = 0; start < query.length; start += perSum) {
    const both = dot(query, pairs, { start, end: Math.min(query.length, start + perSum), at });
    const upper = Math.round(both / shift);
    high += upper;
    low += both - upper * shift;
  }
  return [low, high];
}

/** Four sums: one alone waits for its last addition. */
function dot(
  query: Float64Array,
  pairs: Float64Array,
  { start, end, at }: { readonly start: number; readonly end: number; readonly at: number },
): number {
  const whole = start + ((end - start) & ~3);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = start; k < whole; k += 4) {
    a += query[k]! * pairs[at + k]!;
    b += query[k + 1]! * pairs[at + k + 1]!;
    c += query[k + 2]! * pairs[at + k + 2]!;
    d += query[k + 3]! * pairs[at + k + 3]!;
  }
  for (let k = whole; k < end; k++) a += query[k]! * pairs[at + k]!;
  return a + b + (c + d);
}

/** Rows `2 i` and `2 i + 1` in one, the second `shift` times as large. */
function packPairs({ data, shape: [n, dim] }: Embeddings<'int8'>): Float64Array {
  const pairs = new Float64Array(Math.ceil(n / 2) * dim);
  for (let row = 0; row < n; row++) {
    const [from, to, factor] = [row * dim, (row >> 1) * dim, row & 1 ? shift : 1];
    for (let k = 0; k < dim; k++) pairs[to + k]! += data[from + k]! * factor;
  }
  return pairs;
}
