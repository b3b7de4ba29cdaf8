import { EmbeddingError, type SearchKernel, type SearchPrecision, type SearchProducts } from '@diptych/core';
import type { KernelVariant } from '../kernels/binary.ts';
import type { SearchExports } from './exports.ts';
import type { Layout } from './layouts.ts';

/** Bytes behind the rows that the kernels read for nothing: `AHEAD` in `assembly/search`. */
const ahead = 8192;
const pageBytes = 65_536;

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
    let written: SearchProducts | undefined;
    return (queries) => {
      const count = queries.shape[0];
      const to = queriesAt + aligned(count * layout.queryBytes);
      const products: SearchProducts = (first, rowCount, out) => {
        grow(memory, to + 8 * count * rowCount);
        if (written !== products) {
          const room = new Uint8Array(memory.buffer, queriesAt, to - queriesAt);
          layout.writeQueries(queries, room.fill(0));
          written = products;
        }
        const operands = { rows: first * layout.rowBytes, count: rowCount, queries: queriesAt, n: count, to };
        layout.multiply(kernels, operands);
        out.set(new Float64Array(memory.buffer, to, count * rowCount));
      };
      return products;
    };
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function memoryOf(bytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
}

function outOfMemory(bytes: number, cause: unknown): EmbeddingError {
  const problem = `expected ${bytes} bytes for rows and queries, at most 2 ** 32 of which one search can have`;
  return new EmbeddingError('OUT_OF_MEMORY', `search: ${problem}`, { cause });
}
