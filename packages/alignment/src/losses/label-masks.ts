import { EmbeddingError, expectList } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectRows, type Labels } from './pairs.ts';

/** 1 where row and column have the same label, else 0; `[rows, columns]`. */
function sameLabel(rows: Labels, columns: Labels): tf.Tensor2D {
  const column = tf.tensor2d(Int32Array.from(rows), [rows.length, 1]);
  return tf.cast(tf.equal<tf.Tensor2D>(column, tf.tensor2d(Int32Array.from(columns), [1, columns.length])), 'float32');
}

/** 1 at the class of each row, `[n, classes]`. */
export function oneHot(labels: Labels, classes: number): tf.Tensor2D {
  return sameLabel(
    labels,
    Array.from({ length: classes }, (_, i) => i),
  );
}

/** `0, 1, …`: every pair is of its own. */
export function ownLabels(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label for each row. */
export function expectLabels(labels: Labels, rows: number): void {
  expectList(labels, 'labels');
  if (labels.length !== rows) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'labels',
      expected: `${rows}, one for each row`,
      got: labels.length,
    });
  }
}

/** @throws {EmbeddingError} as `expectLabels`, and for what is no rows. */
export function expectLabelled(x: tf.Tensor2D, labels: Labels): void {
  expectRows(x);
  expectLabels(labels, x.shape[0]);
}
