import type { Embeddings } from '@diptych/core';
import { grown } from './grown.ts';
import { Nearest } from './nearest.ts';
import type { RowIndex } from './row-index.ts';
import type { StepsFile } from './steps-file.ts';

/** More than float64 may round in a sum of any number of components. */
const rounding = 1e-9;
/** Rows that are read from a file at once. */
const rowsAtOnce = 4096;

/** Rows that lie side by side. */
interface Part {
  readonly first: number;
  readonly end: number;
  readonly bits: Uint8Array;
}

/** A query. */
interface Asked {
  readonly near: Nearest;
  readonly sums: Float64Array;
  readonly error: number;
}

/**
 * Signs, eight to a byte, as they are stored. A query keeps its components: each byte of a row looks its sum up. Where there
 * is a file, half of what may be in memory of it is, and the rows after those pass through a window in each search.
 */
export class BitIndex implements RowIndex {
  readonly #dim: number;
  readonly #width: number;
  readonly #offset: number;
  readonly #file: StepsFile | undefined;
  /** Rows in memory. */
  readonly #most: number;
  #window: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #bits = new Uint8Array(0);
  #there = new Uint8Array(0);
  length = 0;

  /** @param offset That was subtracted from each byte. */
  constructor(dim: number, offset: number, file?: StepsFile) {
    this.#dim = dim;
    this.#width = Math.ceil(dim / 8);
    this.#offset = offset;
    this.#file = file;
    this.#most = file ? Math.floor(file.mostSearched / 2 / this.#width) : Infinity;
  }

  fresh(file?: StepsFile): BitIndex {
    return new BitIndex(this.#dim, this.#offset, file);
  }

  close(): void {
    this.#file?.close();
  }

  fits(): boolean {
    return true;
  }

  set(first: number, rows: Uint8Array): void {
    const end = first + rows.length / this.#width;
    this.#reach(end);
    this.#there.fill(1, first, end);
    const [at, offset] = [first * this.#width, this.#offset];
    const bytes = offset === 0 ? rows : rows.map((byte) => byte + offset);
    const inMemory = Math.min(Math.max(0, this.#most - first) * this.#width, bytes.length);
    this.#bits.set(bytes.subarray(0, inMemory), inMemory > 0 ? at : 0);
    if (inMemory < bytes.length) this.#file!.write(at + inMemory, bytes.subarray(inMemory));
  }

  clear(slot: number): void {
    this.#reach(slot + 1);
    this.#there[slot] = 0;
  }

  nearest(queries: Embeddings, k: number, mask: Uint8Array | undefined): number[][] {
    const [n, dim] = queries.shape;
    const asked = Array.from({ length: n }, (_, q) => this.#asked(queries.data.subarray(q * dim, (q + 1) * dim), k));
    for (const part of this.#parts(mask)) for (const one of asked) this.#scan(one, part, mask);
    return asked.map(({ near }) => near.rows());
  }

  *#parts(mask: Uint8Array | undefined): Generator<Part> {
    const inMemory = Math.min(this.length, this.#most);
    yield { first: 0, end: inMemory, bits: this.#bits };
    for (let first = inMemory; first < this.length; first += rowsAtOnce) {
      const end = Math.min(this.length, first + rowsAtOnce);
      if (mask && !mask.subarray(first, end).includes(1)) continue;
      this.#window = grown(this.#window, rowsAtOnce * this.#width);
      const bits = this.#window.subarray(0, (end - first) * this.#width);
      this.#file!.read(first * this.#width, bits);
      yield { first, end, bits };
    }
  }

  #reach(length: number): void {
    this.reserve(length);
    this.length = Math.max(this.length, length);
  }

  reserve(length: number): void {
    this.#bits = grown(this.#bits, Math.min(length, this.#most) * this.#width);
    this.#there = grown(this.#there, length);
  }

  #asked(query: Float32Array, k: number): Asked {
    const error = rounding * query.reduce((sum, value) => sum + Math.abs(value), 0);
    return { near: new Nearest(k), sums: this.#sums(query), error };
  }

  #scan({ near, sums, error }: Asked, { first, end, bits }: Part, mask: Uint8Array | undefined): void {
    for (let slot = first; slot < end; slot++) {
      if (!this.#there[slot] || (mask && !mask[slot])) continue;
      const score = this.#score(sums, bits, (slot - first) * this.#width);
      if (score + error >= near.least) near.add(slot, score, error);
    }
  }

  /** Four sums: one alone waits for its last addition. */
  #score(sums: Float64Array, bits: Uint8Array, at: number): number {
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
