import type { PairBlocks, ScoreBlock } from '@diptych/core';
import { multiply } from './product.ts';
import { withRooms } from './recurrent-steps.ts';
import { checkShape, defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';
import { passBytes, scorePasses } from './score-passes.ts';
import type { Address } from './tfjs-inside.ts';

interface Sizes {
  readonly n: number;
  readonly d: number;
  /** Rows of `b` at a time. */
  readonly chunk: number;
  /** Blocks whose scores are held at once. */
  readonly held: number;
  readonly a: Address;
  readonly b: Address;
}

/** The scores of the last blocks that were read are held, as many as fit into the room of the rows, so `write` finds them. */
export const pairBlocks: KernelDefinition = defineKernel<PairBlocks>(
  'DiptychPairBlocks',
  (runtime, { a, b }, { chunk, read, write, gradients }) => {
    const { kernels, addressOf, memory, output } = runtime;
    const [n, d] = a.shape as [number, number];
    checkShape('pairBlocks: b', b.shape, [n, d]);
    const made = gradients ? [output(a.shape, 'float32'), output(b.shape, 'float32')] : [];
    const columns = Math.min(chunk, n);
    const starts = Array.from({ length: Math.ceil(n / columns) }, (_, i) => i * columns);
    const held = read && write ? Math.max(1, Math.min(starts.length, Math.floor(d / columns))) : 1;
    const sizes = { n, d, chunk: columns, held, a: addressOf(a), b: addressOf(b) };
    const room = { product: kernels.gemmScratchBytes(), columns: kernels.packedBytes(d, columns) >>> 0 };
    const bytes = 4 * n * columns;
    withRooms(runtime, { ...room, scores: held * bytes, slopes: bytes, passes: passBytes(n, columns) }, (rooms) => {
      const passes = scorePasses(runtime, rooms.passes);
      const blockAt = blocksOf(runtime, sizes, rooms);
      const numbers = (at: Address, count: number) => new Float32Array(memory.buffer, at, n * count);
      const block = (at: number): ScoreBlock => {
        const count = Math.min(columns, n - at);
        return { at, count, scores: numbers(blockAt(at, count), count), passes };
      };
      if (read) for (const at of starts) read(block(at));
      if (!write) return;
      const writeAll = (take: (at: number, count: number, i: number) => void) => {
        // From the last, whose scores are held.
        for (const [i, at] of starts.toReversed().entries()) {
          const of = block(at);
          write(of, numbers(rooms.slopes, of.count).fill(0));
          take(at, of.count, starts.length - 1 - i);
        }
      };
      if (!gradients) return writeAll(() => undefined);
      return withGradients(runtime, sizes, { ...rooms, to: made.map(addressOf) as [Address, Address] }, writeAll);
    });
    return made;
  },
);

/** Computes the scores of the block that begins somewhere, unless they are held; gives where they are. */
function blocksOf(
  { kernels }: Runtime,
  { n, d, chunk, held, a, b }: Sizes,
  rooms: { readonly product: Address; readonly columns: Address; readonly scores: Address },
): (at: number, count: number) => Address {
  const holds = new Int32Array(held).fill(-1);
  return (at, count) => {
    const place = (at / chunk) % held;
    const to = rooms.scores + 4 * n * chunk * place;
    if (at === holds[place]) return to;
    holds[place] = at;
    kernels.packColumns(b + 4 * at * d, 4, 4 * d, rooms.columns, d, count);
    const left = { at: a, row: 4 * d, column: 4 };
    multiply(kernels, rooms.product, { a: left, b: rooms.columns, to, sizes: [n, d, count] });
    return to;
  };
}

interface SlopeRooms {
  readonly product: Address;
  readonly slopes: Address;
  readonly to: readonly [ofA: Address, ofB: Address];
}

/** `write` calls its argument with each block whose slopes are there: where it begins, its columns, how many are to come. */
function withGradients(
  runtime: Runtime,
  { n, d, chunk, a, b }: Sizes,
  { product, slopes, to }: SlopeRooms,
  write: (take: (at: number, count: number, left: number) => void) => void,
): void {
  const { kernels } = runtime;
  const packed = { rows: kernels.packedBytes(chunk, d) >>> 0, all: kernels.packedBytes(n, d) >>> 0 };
  withRooms(runtime, { ...packed, spare: 4 * n * d }, ({ rows, all, spare }) => {
    kernels.packColumns(a, 4 * d, 4, all, n, d);
    let sum = 0;
    write((at, count, left) => {
      kernels.packColumns(b + 4 * at * d, 4 * d, 4, rows, count, d);
      const next = left % 2 ? spare : to[0];
      const ofRows = { a: { at: slopes, row: 4 * count, column: 4 }, b: rows, to: next, residual: sum };
      multiply(kernels, product, { ...ofRows, sizes: [n, count, d] });
      sum = next;
      const ofColumns = { a: { at: slopes, row: 4, column: 4 * count }, b: all, to: to[1] + 4 * at * d };
      multiply(kernels, product, { ...ofColumns, sizes: [count, n, d] });
    });
  });
}
