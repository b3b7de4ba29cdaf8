import { type Embeddings, type SearchKernel, type SearchPrecision, type SearchProducts } from '@diptych/core';
import type { KernelVariant } from '../kernels/binary.ts';
import { growMemory, outOfMemory, pageBytes } from '../grow-memory.ts';
import type { SearchExports } from './exports.ts';
import type { Layout } from './layouts.ts';

/** Bytes behind the rows that the kernels read for nothing: `AHEAD` in `assembly/search`. */
const ahead = 8192;
const use = { user: 'search', content: 'rows and queries', unit: 'search' };

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
    const [n, dim] = rows.shape;
    const layout = layoutOf(dim, variant);
    const queriesAt = aligned(n * layout.rowBytes) + ahead;
    const memory = memoryOf(queriesAt);
    layout.writeRows(rows, new Uint8Array(memory.buffer));
    const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SearchExports;
    let written: unknown;
    const multiplyBy = (queries: Embeddings<P>): SearchProducts => {
      const count = queries.shape[0];
      const to = queriesAt + aligned(count * layout.queryBytes);
      const prepare = (products: number) => {
        growMemory(memory, to + 8 * count * products, use);
        if (written === prepare) return;
        layout.writeQueries(queries, new Uint8Array(memory.buffer, queriesAt, to - queriesAt).fill(0));
        written = prepare;
      };
      const multiply = (first: number, rowCount: number, at: number) =>
        layout.multiply(kernels, {
          rows: first * layout.rowBytes,
          count: rowCount,
          queries: queriesAt,
          n: count,
          to: at,
        });
      const products = (first: number, rowCount: number, out: Float64Array) => {
        prepare(rowCount);
        multiply(first, rowCount, to);
        out.set(new Float64Array(memory.buffer, to, count * rowCount));
      };
      const gather = (chosen: Uint32Array, out: Float64Array) => {
        prepare(chosen.length);
        for (let i = 0; i < chosen.length; i++) multiply(chosen[i]!, 1, to + 8 * count * i);
        out.set(new Float64Array(memory.buffer, to, count * chosen.length));
      };
      return Object.assign(products, { gather });
    };
    const write = (first: number, changed: Embeddings<P>) =>
      layout.writeRows(changed, new Uint8Array(memory.buffer, first * layout.rowBytes));
    return Object.assign(multiplyBy, { write });
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function memoryOf(bytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  } catch (cause) {
    throw outOfMemory(bytes, use, cause);
  }
}
