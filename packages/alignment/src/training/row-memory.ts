import { EmbeddingError, expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface RowMemoryOptions {
  /** Rows that are kept: the newest. */
  readonly capacity: number;
  /** Columns of a row. */
  readonly dim: number;
}

/** Rows of earlier batches. */
export interface RowMemory extends Disposable {
  /** Rows there are. */
  readonly size: number;
  /** Keeps copies of the rows of `[n, dim]`, without their gradients; the oldest give way. */
  add(rows: tf.Tensor2D): void;
  /** All of them, oldest first, `[size, dim]`; the caller disposes of it. */
  rows(): tf.Tensor2D;
  dispose(): void;
}

/**
 * Cross-batch memory, Wang et al. 2020 (arXiv:1912.06798): rows change little from one step to the next, so those of earlier
 * batches are negatives that cost nothing more, as `negatives` of `hardNegativeInfoNce`. It is kept outside the backend. Begin to use
 * it once the learning rate has risen: at first rows change too much.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a capacity or a dimension below 1; `SHAPE_MISMATCH` for rows of another dimension.
 */
export function rowMemory(options: RowMemoryOptions): RowMemory {
  const { capacity, dim } = expectMembers(options, 'rowMemory', 'capacity', 'dim');
  for (const [name, count] of Object.entries({ capacity, dim })) {
    if (Number.isSafeInteger(count) && count >= 1) continue;
    throw new EmbeddingError('INPUT_INVALID', {
      where: `rowMemory: ${name}`,
      expected: 'a whole number from 1',
      got: count,
    });
  }
  let kept = new Float32Array(0);
  const dispose = () => void (kept = new Float32Array(0));
  return {
    get size() {
      return kept.length / dim;
    },
    add(rows) {
      expectTensor(rows, 'rowMemory: rows', ['n', dim]);
      const added = rows.dataSync<'float32'>();
      const all = new Float32Array(kept.length + added.length);
      all.set(kept);
      all.set(added, kept.length);
      kept = all.slice(Math.max(0, all.length - capacity * dim));
    },
    rows: () => tf.tensor2d(kept, [kept.length / dim, dim]),
    dispose,
    [Symbol.dispose]: dispose,
  };
}
