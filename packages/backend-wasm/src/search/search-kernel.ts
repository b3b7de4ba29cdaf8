import { type Embeddings, type SearchKernel, type SearchPrecision, type SearchProducts } from '@diptych/core';
import type { KernelVariant } from '../kernels/binary.ts';
import { growMemory, newMemory } from '../grow-memory.ts';
import { readExports, type SearchExports } from './exports.ts';
import type { Layout } from './layouts.ts';

/** Bytes behind the rows that the kernels read for nothing: `AHEAD` in `assembly/search`. */
const ahead = 8192;
const use = { user: 'search', content: 'rows and queries', unit: 'search' };
/** Rows of float32 that are in the memory at a time: it stays small, and they in the cache. */
const floatsAtOnce = 32_768;

/**
 * A kernel over memories of its own, one for the rows of each call: rows, room, queries, products. It is freed with what
 * the call returned.
 */
export function searchKernel<P extends SearchPrecision>(
  module: WebAssembly.Module,
  variant: KernelVariant,
  layoutOf: (dim: number, variant: KernelVariant) => Layout<P>,
): SearchKernel<P> {
  return (rows) => {
    const laid = new LaidRows(module, layoutOf(rows.shape[1], variant), rows);
    const write = (first: number, changed: Embeddings<P>) => laid.write(first, changed);
    const quantize = laid.canQuantize && laid.quantize.bind(laid);
    return Object.assign((queries: Embeddings<P>) => laid.multiplyBy(queries), {
      write,
      room: (first: number, count: number) => laid.room(first, count),
      ...(quantize && { quantize }),
    });
  };
}

/** Rows in a memory, and behind them what they are multiplied with. */
class LaidRows<P extends SearchPrecision> {
  readonly #layout: Layout<P>;
  readonly #dim: number;
  readonly #behind: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: SearchExports;
  /** What is behind the rows. */
  #written: unknown;

  constructor(module: WebAssembly.Module, layout: Layout<P>, rows: Embeddings<P>) {
    this.#layout = layout;
    this.#dim = rows.shape[1];
    this.#behind = aligned(rows.shape[0] * layout.rowBytes) + ahead;
    this.#memory = newMemory(this.#behind, use);
    const env = { memory: this.#memory };
    this.#kernels = readExports(new WebAssembly.Instance(module, { env }).exports);
    this.write(0, rows);
  }

  get canQuantize(): boolean {
    return this.#layout.quantize !== undefined;
  }

  write(first: number, rows: Embeddings<P>): void {
    this.#layout.writeRows(rows, new Uint8Array(this.#memory.buffer, first * this.#layout.rowBytes));
  }

  room(first: number, count: number): Uint8Array<ArrayBuffer> {
    const { rowBytes } = this.#layout;
    return new Uint8Array(this.#memory.buffer, first * rowBytes, count * rowBytes);
  }

  quantize(first: number, rows: Float32Array, mean: Float32Array, told: Float64Array): void {
    const dim = this.#dim;
    const limit = Math.max(1, Math.floor(floatsAtOnce / dim));
    const meanAt = this.#behind;
    const toldAt = aligned(meanAt + 4 * dim);
    const from = toldAt + 32 * limit;
    growMemory(this.#memory, from + 4 * dim * limit, use);
    this.#written = undefined;
    const { buffer } = this.#memory;
    new Float32Array(buffer, meanAt, dim).set(mean);
    for (let row = 0; row * dim < rows.length; row += limit) {
      const part = rows.subarray(row * dim, (row + limit) * dim);
      const count = part.length / dim;
      new Float32Array(buffer, from, part.length).set(part);
      const to = (first + row) * this.#layout.rowBytes;
      this.#layout.quantize!(this.#kernels, { from, count, mean: meanAt, to, told: toldAt });
      told.set(new Float64Array(buffer, toldAt, 4 * count), 4 * row);
    }
  }

  multiplyBy(queries: Embeddings<P>): SearchProducts {
    const [layout, memory] = [this.#layout, this.#memory];
    const n = queries.shape[0];
    const to = this.#behind + aligned(n * layout.queryBytes);
    const prepare = (bytes: number) => {
      growMemory(memory, to + bytes, use);
      if (this.#written === prepare) return;
      layout.writeQueries(queries, new Uint8Array(memory.buffer, this.#behind, to - this.#behind).fill(0));
      this.#written = prepare;
    };
    const at = (row: number, count: number, products: number) => {
      return { rows: row * layout.rowBytes, count, queries: this.#behind, n, to: products };
    };
    const products = (first: number, count: number, out: Float64Array) => {
      prepare(8 * n * count);
      layout.multiply(this.#kernels, at(first, count, to));
      out.set(new Float64Array(memory.buffer, to, n * count));
    };
    const { gather } = layout;
    if (!gather) return products;
    return Object.assign(products, {
      gather: (rows: Uint32Array, out: Float64Array) => {
        const chosen = to + 8 * n * rows.length;
        prepare(8 * n * rows.length + 4 * rows.length);
        new Uint32Array(memory.buffer, chosen, rows.length).set(rows);
        for (let q = 0; q < n; q++) {
          const one = this.#behind + q * layout.queryBytes;
          gather(this.#kernels, { ...at(0, rows.length, to + 8 * q * rows.length), queries: one, chosen });
        }
        out.set(new Float64Array(memory.buffer, to, n * rows.length));
      },
    });
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
