import { EmbeddingError, type Fusion } from '@diptych/core';
import { variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkParts, type GivenParts } from './check-parts.ts';
import type { JointConfig, PartWidths } from './joint-config.ts';
import type { NamedParts } from './projections.ts';

/** An operator that makes do with the parts that are there, for the whole batch or item by item. */
export interface AvailableFusion<Part extends string> extends Fusion<Part> {
  /**
   * @param mask Row-major `[n, parts]` in the order of the config, 0 where an item lacks the part, as `dropModalities`
   * gives. What stands in that row, NaN included, has no influence. Default all 1.
   */
  forward(parts: GivenParts<Part>, mask?: ArrayLike<number>): tf.Tensor2D;
}

/** What is there: missing rows are zero. */
export interface Available {
  readonly parts: NamedParts;
  /** `[n, parts]` in their order, 1 where there is one. */
  readonly mask: tf.Tensor2D;
}

/**
 * `forward` throws `INPUT_INVALID` for an unknown part or an item without any, `SHAPE_MISMATCH` for a part or a mask in
 * another shape.
 */
export function availableFusion<Part extends string>(
  { parts, dim }: JointConfig<Part>,
  params: unknown,
  join: (available: Available) => tf.Tensor2D,
): AvailableFusion<Part> {
  return {
    dim,
    variables: variablesOf(params),
    forward: (given, mask) => join(availableParts(parts, given, mask)),
  };
}

export function availableParts<Part extends string>(
  widths: PartWidths<Part>,
  given: GivenParts<Part>,
  mask?: ArrayLike<number>,
): Available {
  const { n, parts } = checkParts(widths, given);
  const present = presence(
    n,
    parts.map(([, part]) => part),
    mask,
  );
  const columns = tf.split<tf.Tensor2D>(present, parts.length, 1);
  const rows = ([name, part]: (typeof parts)[number], i: number): tf.Tensor2D => {
    if (!part) return tf.zeros([n, widths[name]]);
    return mask ? rowsOf(part, columns[i]!) : part;
  };
  return { parts: Object.fromEntries(parts.map((each, i) => [each[0], rows(each, i)])), mask: present };
}

function presence(
  n: number,
  parts: readonly (tf.Tensor2D | undefined)[],
  mask: ArrayLike<number> | undefined,
): tf.Tensor2D {
  const count = parts.length;
  if (mask && mask.length !== n * count) {
    throw new EmbeddingError('SHAPE_MISMATCH', `fusion: mask: expected ${n} x ${count} values, got ${mask.length}`);
  }
  const values = Float32Array.from({ length: n * count }, (_, i) => (parts[i % count] && (!mask || mask[i]) ? 1 : 0));
  for (let item = 0; item < n; item++) {
    if (values.subarray(item * count, (item + 1) * count).includes(1)) continue;
    throw new EmbeddingError('INPUT_INVALID', `fusion: item ${item}: expected at least one part, got none`);
  }
  return tf.tensor2d(values, [n, count]);
}

/** Chosen, not multiplied: zero times NaN is NaN. */
function rowsOf(x: tf.Tensor2D, column: tf.Tensor2D): tf.Tensor2D {
  return tf.where(tf.cast(tf.tile(column, [1, x.shape[1]]), 'bool'), x, tf.zerosLike(x));
}
