import type { Embeddings } from '@diptych/core';
import { grown } from './grown.ts';
import { Nearest } from './nearest.ts';
import type { RowIndex } from './row-index.ts';

/** More than float64 may round in a sum of any number of components. */
const rounding = 1e-9;

/** Signs, eight to a byte, as they are stored. A query keeps its components: each byte of a row looks its sum up. */
export class BitIndex implements RowIndex {
  readonly #dim: number;
  readonly #width: number;
  readonly #offset: number;
  #bits = new Uint8Array(0);
  #there = new Uint8Array(0);
  length = 0;

  /** @param offset That was subtracted from each byte. */
  constructor(dim: number, offset: number) {
    this.#dim = dim;
    this.#width = Math.ceil(dim / 8);
    this.#offset = offset;
  }

  fresh(): BitIndex {
    return new BitIndex(this.#dim, this.#offset);
  }

  fits(): boolean {
    return true;
  }

  set(first: number, rows: Uint8Array): void {
    const end = first + rows.length / this.#width;
    this.#reach(end);
    this.#there.fill(1, first, end);
    const at = first * this.#width;
    for (let i = 0; i < rows.length; i++) this.#bits[at + i] = rows[i]! + this.#offset;
  }

  clear(slot: number): void {
    this.#reach(slot + 1);
    this.#there[slot] = 0;
  }

  nearest(queries: Embeddings, k: number, mask: Uint8Array | undefined): number[][] {
    const [n, dim] = queries.shape;
    return Array.from({ length: n }, (_, q) => this.#nearest(queries.data.subarray(q * dim, (q + 1) * dim), k, mask));
  }

  #reach(length: number): void {
    this.reserve(length);
    this.length = Math.max(this.length, length);
  }

  reserve(length: number): void {
    this.#bits = grown(this.#bits, length * this.#width);
    this.#there = grown(this.#there, length);
  }

  #nearest(query: Float32Array, k: number, mask: Uint8Array | undefined): number[] {
    const near = new Nearest(k);
    const sums = this.#sums(query);
    const error = rounding * query.reduce((sum, value) => sum + Math.abs(value), 0);
    for (let slot = 0; slot < this.length; slot++) {
      if (!this.#there[slot] || (mask && !mask[slot])) continue;
      const score = this.#score(sums, slot * this.#width);
      if (score + error >= near.least) near.add(slot, score, error);
    }
    return near.rows();
  }

  /** Four sums: one alone waits for its last addition. */
  #score(sums: Float64Array, at: number): number {
    const bits = this.#bits;
    const whole = this.#width & ~3;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < whole; i += 4) {
      a += sums[(i << 8) | bits[at + i]!]!;
      b += sums[((i + 1) << 8) | bits[at + i + 1]!]!;
      c += sums[((i + 2) << 8) | bits[at + i + 2]!]!;
      d += sums[((i + 3) << 8) | bits[at + i + 3]!]!;
    }
    for (let i = whole; i < this.#width; i++) a += sums[(i << 8) | bits[at + i]!]!;
    return a + b + (c + d);
  }

  /** For each byte of a row and each of its values, the product of its signs with the query. */
  #sums(data: Float32Array): Float64Array {
    const sums = new Float64Array(this.#width * 256);
    for (let byte = 0; byte < this.#width; byte++) {
      for (let value = 0; value < 256; value++) {
        let sum = 0;
        for (let bit = 0; bit < 8 && 8 * byte + bit < this.#dim; bit++) {
          sum += (value >> (7 - bit)) & 1 ? data[8 * byte + bit]! : -data[8 * byte + bit]!;
        }
        sums[byte * 256 + value] = sum;
      }
    }
    return sums;
  }
}
