import * as tf from '@tensorflow/tfjs-core';
import type { Input } from './training-ops.ts';

type Op = (...inputs: never[]) => tf.Tensor;
type Pair = [tf.Tensor4D, tf.Tensor4D];

const image: Input = [[2, 7, 6, 3]];
/** The plain backend's gradient of resizing is wrong for several images, or where they are not square. */
const square: Input = [[1, 4, 4, 3]];

/** The same for what works on images. */
export const trainingImageOps: Readonly<Record<string, readonly [Op, ...Input[]]>> = {
  'convolution, same size': [(...[x, f]: Pair) => tf.conv2d(x, f, 1, 'same'), image, [[3, 3, 3, 4]]],
  'convolution, every second place': [(...[x, f]: Pair) => tf.conv2d(x, f, 2, 'valid'), image, [[3, 3, 3, 4]]],
  'convolution in one dimension': [
    (x: tf.Tensor3D, f: tf.Tensor3D) => tf.conv1d(x, f, 1, 'same'),
    [[2, 7, 3]],
    [[3, 3, 4]],
  ],
  'transposed convolution': [
    (...[x, f]: Pair) => tf.conv2dTranspose(x, f, [1, 8, 8, 2], 2, 'same'),
    [[1, 4, 4, 3]],
    [[3, 3, 2, 3]],
  ],
  'depthwise convolution': [(...[x, f]: Pair) => tf.depthwiseConv2d(x, f, 1, 'same'), image, [[3, 3, 3, 2]]],
  'depthwise, every second place': [(...[x, f]: Pair) => tf.depthwiseConv2d(x, f, 2, 'valid'), image, [[3, 3, 3, 1]]],
  'separable convolution': [
    (x: tf.Tensor4D, depth: tf.Tensor4D, point: tf.Tensor4D) => tf.separableConv2d(x, depth, point, 1, 'same'),
    image,
    [[3, 3, 3, 1]],
    [[1, 1, 3, 5]],
  ],
  'fused convolution': [
    (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D) =>
      tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' }),
    image,
    [[3, 3, 3, 2]],
    [[2]],
  ],
  'max pooling': [(x: tf.Tensor4D) => tf.maxPool(x, 2, 2, 'valid'), image],
  'max pooling of windows that overlap': [(x: tf.Tensor4D) => tf.maxPool(x, 3, 2, 'same'), image],
  'average pooling': [(x: tf.Tensor4D) => tf.avgPool(x, 2, 2, 'valid'), image],
  'average pooling of windows that overlap': [(x: tf.Tensor4D) => tf.avgPool(x, 3, 2, 'same'), image],
  'batch norm': [
    (x: tf.Tensor2D, mean: tf.Tensor1D, variance: tf.Tensor1D, offset: tf.Tensor1D, scale: tf.Tensor1D) =>
      tf.batchNorm(x, mean, variance, offset, scale),
    [[3, 4]],
    [[4]],
    [[4], 0.5, 2],
    [[4]],
    [[4]],
  ],
  'bilinear resizing': [(x: tf.Tensor4D) => tf.image.resizeBilinear(x, [9, 5]), square],
  'nearest neighbour resizing': [(x: tf.Tensor4D) => tf.image.resizeNearestNeighbor(x, [8, 8]), square],
  'local response normalisation': [(x: tf.Tensor4D) => tf.localResponseNormalization(x), [[1, 2, 2, 6]]],
};
