import { expectMembers } from '@diptych/core';
import { expectTensor, l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectLabelled, oneHot } from './label-masks.ts';
import { logSumExp, softplus } from './log-sum-exp.ts';
import type { Labels } from './pairs.ts';

export interface ProxyAnchorOptions {
  /** Default 0.1. */
  readonly margin?: number;
  /** Default 32. */
  readonly alpha?: number;
}

/**
 * Proxy-anchor loss, Kim et al. 2020, arXiv:2003.13911.
 *
 * @param x `[n, d]` unit rows.
 * @param labels Class of each row, from 0.
 * @param proxies `[classes, d]`, normalised here.
 * @returns Mean over the proxies with positives plus mean over all.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label for each row.
 */
export function proxyAnchor(
  x: tf.Tensor2D,
  labels: Labels,
  proxies: tf.Tensor2D,
  options: ProxyAnchorOptions = {},
): tf.Scalar {
  const { margin = 0.1, alpha = 32 } = expectMembers(options, 'proxyAnchor: options');
  expectLabelled(x, labels);
  expectTensor(proxies, 'loss: proxies', ['classes', x.shape[1]]);
  const classes = proxies.shape[0];
  // [classes, n]
  const scores = tf.matMul(l2Normalize(proxies), x, false, true);
  const own = tf.transpose(oneHot(labels, classes));
  const pulled = softplus(logSumExp(tf.mul(tf.sub(margin, scores), alpha), own));
  const pushed = softplus(logSumExp(tf.mul(tf.add(scores, margin), alpha), tf.sub(1, own)));
  const present = new Set(Array.from(labels)).size;
  return tf.add(tf.div(tf.sum(pulled), present), tf.div(tf.sum(pushed), classes));
}
