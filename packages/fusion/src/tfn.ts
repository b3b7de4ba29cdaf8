import type { Fusion } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkList } from './check-parts.ts';
import { completeFusion } from './complete-fusion.ts';
import { type PartWidths, valuesOf } from './joint-config.ts';
import { outer, withOne } from './outer.ts';

/**
 * Tensor fusion, Zadeh et al. 2017, arXiv:1707.07250: every product of values of `[1; x]` and `[1; y]`, row-major;
 * `[n, (first + 1) (second + 1)]`.
 */
export function tfn(parts: readonly tf.Tensor2D[]): tf.Tensor2D {
  checkList(parts, 'tfn: parts');
  return parts.map(withOne).reduce(outer);
}

/** Has nothing to learn. `dim` is the product of all widths, each plus one. */
export function tfnFusion<Part extends string>(parts: PartWidths<Part>): Fusion<Part> {
  const dim = valuesOf(parts).reduce((product, width) => product * (width + 1), 1);
  return completeFusion({ parts, dim }, undefined, (named) => tfn(valuesOf(named)));
}
