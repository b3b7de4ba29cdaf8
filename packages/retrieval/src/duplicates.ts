import {
  EmbeddingError,
  type Embeddings,
  expectMembers,
  inTurns,
  pieces,
  type SearchKernel,
  type Steps,
} from '@diptych/core';
import { checkRows } from './check-rows.ts';
import { dotFloat32 } from './kernels/dot-float32.ts';
import { unitRows } from './unit-rows.ts';

const rowsPerBlock = 128;
/** Unit rows are rounded to float32: the cosine of a row with its copy may fall short of 1 by so much. */
const rounding = 1e-6;

export interface DuplicateOptions {
  /** Multiplies the rows; default plain JavaScript. `@diptych/backend-wasm/search` has a faster one. */
  readonly kernel?: SearchKernel<'float32'> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Rows that are compared with all others so far. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Groups of rows that are nearly the same: joined by pairs of at least this cosine, directly or through others. Compares
 * all pairs, the event loop turning in between; rejects with the reason of its signal.
 *
 * @param rows `[n, dim]`.
 * @param threshold Cosine, in `[-1, 1]`.
 * @returns Groups of two rows or more, each in ascending order, by their first row. Keep the first, drop the others.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows or threshold.
 */
export async function duplicates(
  rows: Embeddings,
  threshold: number,
  options: DuplicateOptions = {},
): Promise<number[][]> {
  const { kernel = dotFloat32, signal, onProgress } = expectMembers(options, 'duplicates: options');
  checkRows('duplicates', rows);
  if (!(threshold >= -1 && threshold <= 1)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'duplicates',
      expected: 'a cosine as threshold',
      got: threshold,
    });
  }
  const parent = Int32Array.from({ length: rows.shape[0] }, (_, row) => row);
  await inTurns(joinClose(unitRows(rows), { threshold, kernel, parent, onProgress }), signal);
  const groups = new Map<number, number[]>();
  for (const row of parent.keys()) {
    const first = root(parent, row);
    if (first === row) groups.set(row, [row]);
    else groups.get(first)!.push(row);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

interface Joining {
  readonly threshold: number;
  readonly kernel: SearchKernel<'float32'>;
  /** Of each row another of its group, which is changed; the first of a group its own. */
  readonly parent: Int32Array;
  readonly onProgress: DuplicateOptions['onProgress'];
}

function* joinClose(unit: Embeddings, { threshold, kernel, parent, onProgress }: Joining): Steps<void> {
  const [n, dim] = unit.shape;
  const prepare = kernel(unit);
  const isFull = pieces();
  for (let start = 0; start < n; start += rowsPerBlock) {
    const size = Math.min(rowsPerBlock, n - start);
    const data = unit.data.subarray(start * dim, (start + size) * dim);
    const products = prepare({ ...unit, data, shape: [size, dim] });
    for (let first = start; first < n; first += rowsPerBlock) {
      const count = Math.min(rowsPerBlock, n - first);
      const out = new Float64Array(size * count);
      products(first, count, out);
      for (let at = 0; at < out.length; at++) {
        if (out[at]! < threshold - rounding) continue;
        const [a, b] = [start + Math.floor(at / count), first + (at % count)];
        if (a < b) join(parent, a, b);
      }
      if (isFull(size * count * dim)) yield;
    }
    onProgress?.(start + size);
  }
}

/** The smallest row of a group stays its root. */
function join(parent: Int32Array, a: number, b: number): void {
  const [x, y] = [root(parent, a), root(parent, b)];
  parent[Math.max(x, y)] = Math.min(x, y);
}

function root(parent: Int32Array, row: number): number {
  let at = row;
  while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
  return at;
}
