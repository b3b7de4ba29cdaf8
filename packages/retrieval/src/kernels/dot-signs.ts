import type { Embeddings, SearchQueries } from '@diptych/core';

/** 32 components at a time. */
export function dotSigns(rows: Embeddings<'ubinary'>): SearchQueries<'ubinary'> {
  const dim = rows.shape[1];
  const words = toWords(rows);
  const width = Math.ceil(dim / 32);
  return (queries) => {
    const queryWords = toWords(queries);
    return (first, count, out) => {
      for (let q = 0; q < queries.shape[0]; q++) {
        const query = queryWords.subarray(q * width, (q + 1) * width);
        for (let i = 0; i < count; i++) out[q * count + i] = dim - 2 * hamming(query, words, (first + i) * width);
      }
    };
  };
}

function hamming(query: Int32Array, rows: Int32Array, at: number): number {
  let different = 0;
  for (let w = 0; w < query.length; w++) different += bitCount(query[w]! ^ rows[at + w]!);
  return different;
}

/** Warren, Hacker's Delight, section 5-1. */
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}

/** Rows as whole words; what fills up the last one is alike in all rows. */
function toWords({ data, shape: [n, dim] }: Embeddings<'ubinary'>): Int32Array {
  const [width, rowBytes] = [Math.ceil(dim / 32), Math.ceil(dim / 8)];
  const words = new Int32Array(n * width);
  const bytes = new Uint8Array(words.buffer);
  for (let row = 0; row < n; row++) bytes.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), row * width * 4);
  return words;
}
