import { expectTensor, l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.ts';
import { expectLabelled, oneHot } from './label-masks.ts';
import type { Labels } from './pairs.ts';
import { squaredDistances } from './squared-distances.ts';

/**
 * Cross-entropy of `-scale |x - proxy|²`, as in ProxyNCA++, Teh et al. 2020, arXiv:2004.01113.
 *
 * @param x `[n, d]` unit rows.
 * @param labels Class of each row, from 0.
 * @param proxies `[classes, d]`, normalised here.
 * @returns Mean over rows, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label for each row.
 */
export function proxyNca(x: tf.Tensor2D, labels: Labels, proxies: tf.Tensor2D, scale = 8): tf.Scalar {
  expectLabelled(x, labels);
  expectTensor(proxies, 'loss: proxies', ['classes', x.shape[1]]);
  const distances = squaredDistances(x, l2Normalize(proxies));
  return crossEntropy(tf.mul(distances, -scale), oneHot(labels, proxies.shape[0]));
}
