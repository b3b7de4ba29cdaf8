import { expectMembers, inTurns, type Steps, TopK } from '@diptych/core';
import { expectDepth } from './depth.ts';
import { eachRow, type Scores } from './scores.ts';
import type { SignalOption } from './signal-option.ts';

/**
 * Each query's `k` best documents, best first; of equals the one with the lower index.
 *
 * @param k At most this many; `Infinity` orders all.
 * @throws {EmbeddingError} `INPUT_INVALID` when `k < 1` or a score is NaN.
 */
export async function topK(scores: Scores, k: number, options: SignalOption = {}): Promise<Int32Array[]> {
  expectMembers(options, 'topK: options');
  return inTurns(topKSteps(scores, k), options.signal);
}

export function* topKSteps(scores: Scores, k: number): Steps<Int32Array[]> {
  expectDepth(k, 'topK');
  const found: Int32Array[] = [];
  yield* eachRow(scores, (row) => found.push(bestOf(row, k)));
  return found;
}

/** Indices of the `k` highest values, highest first; of equals the lower index. */
export function bestOf(row: Float64Array, k: number): Int32Array {
  if (8 * k > row.length) return ordered(row).slice(0, Math.min(k, row.length));
  const best = new TopK(k);
  for (let j = 0; j < row.length; j++) if (j < k || row[j]! > best.least) best.add(j, row[j]!);
  return Int32Array.from(best.hits(), (hit) => hit.row);
}

function ordered(row: Float64Array): Int32Array {
  const indices = Int32Array.from(row, (_, j) => j);
  // Two infinities of one sign differ by NaN, which is falsy too.
  return indices.toSorted((i, j) => row[j]! - row[i]! || i - j);
}
