import { customGradient, runFused, withGradient } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectPairs } from './pairs.ts';
import { onlyOnce, passOver } from './score-pass.ts';

/** Added to the variance of columns, so that a constant one becomes 0. */
const smallestVariance = 1e-24;

/**
 * Barlow Twins, Zbontar et al. 2021, arXiv:2103.03230: the correlation of the columns of both is to be the identity.
 *
 * @param a `[n, d]`, not normalised.
 * @param b `[n, d]`; row `i` matches row `i` of `a`.
 * @param redundancy Weight of the entries off the diagonal.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function barlowTwins(a: tf.Tensor2D, b: tf.Tensor2D, redundancy = 5e-3): tf.Scalar {
  expectPairs(a, b);
  const [n, d] = a.shape;
  const sides = [standardized(a), standardized(b)] as const;
  // Four products of [n, n] by [n, d] instead of three of [d, d] by [n, d].
  return 4 * n < 3 * d ? ofRows(sides, redundancy) : ofColumns(sides, redundancy);
}

type Sides = readonly [x: tf.Tensor2D, y: tf.Tensor2D];

function ofColumns([x, y]: Sides, redundancy: number): tf.Scalar {
  const rows = x.shape[0];
  return passOver(tf.matMul(x, y, true, false), (values, slopes, [d]) => {
    let total = 0;
    for (let at = 0; at < values.length; at++) {
      const same = at % (d + 1) === 0;
      const off = values[at]! / rows - (same ? 1 : 0);
      const weight = same ? 1 : redundancy;
      total += weight * off ** 2;
      slopes[at] = (2 * weight * off) / rows;
    }
    return total;
  });
}

/**
 * The same where rows are few. The squares of all entries of `xᵀ · y` have the sum of the products of those of `x · xᵀ` and
 * `y · yᵀ`, and the diagonal is a sum over rows.
 */
function ofRows(sides: Sides, redundancy: number): tf.Scalar {
  const [n] = sides[0].shape;
  return customGradient<Sides, tf.Scalar>(sides, (save, x, y) => {
    const products = [x, y].map((side) => tf.matMul<tf.Tensor2D>(side, side, false, true));
    const [ofX, ofY] = products.map((of) => of.dataSync<'float32'>()) as [Float32Array, Float32Array];
    const diagonal = tf.mean(tf.mul(x, y), 0);
    let total = 0;
    for (let i = 0; i < ofX.length; i++) total += (redundancy / n ** 2) * ofX[i]! * ofY[i]!;
    for (const c of diagonal.dataSync<'float32'>()) total += (c - 1) ** 2 - redundancy * c ** 2;
    save([x, y, ...products, diagonal]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [ownX, ownY, xx, yy, same] = saved as [...Sides, ...Sides, tf.Tensor];
      const scale = tf.mul(onlyOnce(dy), 2 / n);
      const along = tf.mul(tf.sub(tf.mul(same, 1 - redundancy), 1), scale);
      const slopes = (other: tf.Tensor2D, of: tf.Tensor2D, own: tf.Tensor2D) =>
        tf.add(tf.matMul(tf.mul<tf.Tensor2D>(of, tf.mul(scale, redundancy / n)), own), tf.mul(other, along));
      return [slopes(ownY, yy, ownX), slopes(ownX, xx, ownY)];
    };
    return { value: tf.scalar(total), gradFunc };
  });
}

/** Columns to mean 0 and population variance 1. */
function standardized(x: tf.Tensor2D): tf.Tensor2D {
  const attrs = { epsilon: smallestVariance };
  const weight = () => tf.ones([x.shape[1]]);
  const forward = (rows: tf.Tensor2D) => {
    const inputs = { x: rows, weight: weight(), bias: tf.zeros([x.shape[1]]) };
    return (runFused('DiptychBatchNorm', inputs, attrs) as tf.Tensor2D | undefined) ?? plain(rows);
  };
  const backward = (dy: tf.Tensor2D, rows: tf.Tensor2D, y: tf.Tensor2D) =>
    runFused('DiptychBatchNormGrad', { x: rows, weight: weight(), dy }, attrs) ?? plainSlopes(dy, rows, y);
  return withGradient(x, forward, backward);
}

function plain(x: tf.Tensor2D): tf.Tensor2D {
  return tf.div(tf.sub(x, tf.mean(x, 0, true)), deviations(x));
}

function plainSlopes(dy: tf.Tensor2D, x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor {
  const through = tf.add(tf.mean(dy, 0, true), tf.mul(y, tf.mean(tf.mul(dy, y), 0, true)));
  return tf.div(tf.sub(dy, through), deviations(x));
}

function deviations(x: tf.Tensor2D): tf.Tensor {
  return tf.sqrt(tf.add(tf.moments(x, 0, true).variance, smallestVariance));
}
