import { EmbeddingError, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectLabels } from './label-masks.ts';
import { expectPairs, type Labels } from './pairs.ts';
import { passOver } from './score-pass.ts';

export interface CosentOptions {
  /** Scores are multiplied by it; default 20. */
  readonly scale?: number;
}

/**
 * CoSENT, Su 2022 (`CoSENTLoss` of sentence-transformers): of two pairs of rows the one that was judged more alike shall have the
 * higher cosine. It asks only for the order of the judgements.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` is compared with row `i` of `a` alone.
 * @param judged How alike each pair is, on any scale.
 * @returns `log(1 + Σ exp(scale · (cosᵢ − cosⱼ)))` over all `i` judged below `j`.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape or there is not one judgement for each pair.
 */
export function cosent(a: tf.Tensor2D, b: tf.Tensor2D, judged: Labels, options: CosentOptions = {}): tf.Scalar {
  const { scale = 20 } = expectMembers(options, 'cosent: options');
  expectPairs(a, b);
  expectLabels(judged, a.shape[0]);
  return ordered(tf.sum(tf.mul(a, b), -1), judged, scale);
}

/**
 * AnglE, Li and Li 2023 (arXiv:2309.12871; `AnglELoss` of sentence-transformers): the same of angles of the rows as complex
 * numbers, whose halves are real and imaginary parts, which keep a slope where cosines have next to none.
 *
 * @param a `[n, d]` unit rows of an even number of columns.
 * @param b Of that shape.
 * @throws {EmbeddingError} As `cosent`, and for an odd number of columns.
 */
export function angle(a: tf.Tensor2D, b: tf.Tensor2D, judged: Labels, options: CosentOptions = {}): tf.Scalar {
  const { scale = 20 } = expectMembers(options, 'angle: options');
  expectPairs(a, b);
  expectLabels(judged, a.shape[0]);
  const columns = a.shape[1];
  if (columns % 2 === 1)
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'angle', expected: 'an even number of columns', got: columns });
  // Of a = x + iy and b = u + iv: real and imaginary parts of a times the conjugate of b, added up.
  const [u, v] = tf.split<tf.Tensor2D>(b, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const turned = tf.concat([tf.sub(u, v), tf.add(u, v)], 1);
  return ordered(tf.abs(tf.sum(tf.mul(a, turned), -1)), judged, scale);
}

function ordered(scores: tf.Tensor, judged: Labels, scale: number): tf.Scalar {
  const n = judged.length;
  return passOver(tf.reshape(scores, [n, 1]), (values, slopes) => {
    let top = 0;
    const each = (take: (i: number, j: number, difference: number) => void) => {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (judged[i]! < judged[j]!) take(i, j, scale * (values[i]! - values[j]!));
        }
      }
    };
    // NaN stays.
    each((_, __, difference) => (top = difference <= top ? top : difference));
    let sum = Math.exp(-top);
    each((_, __, difference) => (sum += Math.exp(difference - top)));
    each((i, j, difference) => {
      const slope = (scale * Math.exp(difference - top)) / sum;
      slopes[i]! += slope;
      slopes[j]! -= slope;
    });
    return top + Math.log(sum);
  });
}
