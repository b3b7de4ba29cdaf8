import * as tf from '@tensorflow/tfjs-core';

type Op = (...inputs: never[]) => tf.Tensor;

/** Shape of an input, and the range of its numbers where -1 to 1 would not do. */
export type Input = readonly [shape: readonly number[], low?: number, high?: number];

const positive = [0.5, 2] as const;
const indices = (...values: number[]) => tf.tensor1d(values, 'int32');

const unary = (op: (x: tf.Tensor) => tf.Tensor, low = -1, high = 1): readonly [Op, ...Input[]] => [
  op,
  [[3, 5], low, high],
];

/** Every operation that TensorFlow.js differentiates on its plain backend and that a model may be made of. */
export const trainingOps: Readonly<Record<string, readonly [Op, ...Input[]]>> = {
  add: [tf.add, [[3, 4]], [[4]]],
  sub: [tf.sub, [[3, 4]], [[3, 1]]],
  mul: [tf.mul, [[3, 4]], [[4]]],
  div: [tf.div, [[3, 4]], [[4], ...positive]],
  pow: [tf.pow, [[3, 4], ...positive], [[4], ...positive]],
  maximum: [tf.maximum, [[3, 4]], [[3, 4]]],
  minimum: [tf.minimum, [[3, 4]], [[3, 4]]],
  squaredDifference: [tf.squaredDifference, [[3, 4]], [[3, 4]]],
  atan2: [tf.atan2, [[5], ...positive], [[5], ...positive]],
  exp: unary(tf.exp),
  log: unary(tf.log, ...positive),
  log1p: unary(tf.log1p, 0, 2),
  expm1: unary(tf.expm1),
  sqrt: unary(tf.sqrt, ...positive),
  rsqrt: unary(tf.rsqrt, ...positive),
  square: unary(tf.square),
  reciprocal: unary(tf.reciprocal, ...positive),
  abs: unary(tf.abs),
  neg: unary(tf.neg),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6, -9, 9),
  'leaky relu': unary((x) => tf.leakyRelu(x, 0.1)),
  elu: unary(tf.elu),
  selu: unary(tf.selu),
  prelu: [tf.prelu, [[3, 4]], [[4], 0, 1]],
  sigmoid: unary(tf.sigmoid),
  tanh: unary(tf.tanh),
  softplus: unary(tf.softplus),
  erf: unary(tf.erf),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  acos: unary(tf.acos, -0.9, 0.9),
  'clip by value': unary((x) => tf.clipByValue(x, -0.5, 0.5)),
  softmax: unary((x) => tf.softmax(x)),
  'log softmax': unary((x) => tf.logSoftmax(x)),
  'log sum exp': unary((x) => tf.logSumExp(x, 1)),
  sum: [(x: tf.Tensor) => tf.sum(x, 1), [[3, 5, 2]]],
  'sum of 20,000': [(x: tf.Tensor) => tf.sum(x, 1), [[3, 20_000], 0, 1]],
  mean: unary((x) => tf.mean(x, 0)),
  max: unary((x) => tf.max(x, 1)),
  min: unary((x) => tf.min(x, 1)),
  cumsum: unary((x) => tf.cumsum(x, 1)),
  norm: unary((x) => tf.norm(x, 2, 1)),
  variance: unary((x) => tf.moments(x, 1).variance),
  'product of matrices': [tf.matMul, [[3, 5]], [[5, 4]]],
  'of transposed batches': [(a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true, true), [[2, 5, 3]], [[2, 4, 5]]],
  dot: [tf.dot, [[5]], [[5]]],
  'fused product': [
    (a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor1D) => tf.fused.matMul({ a, b, bias, activation: 'relu' }),
    [[3, 5]],
    [[5, 4]],
    [[4]],
  ],
  transpose: [(x: tf.Tensor) => tf.transpose(x, [2, 0, 1]), [[2, 3, 4]]],
  reshape: unary((x) => tf.reshape(x, [5, 3])),
  concat: [(a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], 1), [[2, 3]], [[2, 4]]],
  split: [(x: tf.Tensor) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])), [[2, 6]]],
  stack: [(a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b]), [[3]], [[3]]],
  unstack: [(x: tf.Tensor) => tf.mul(...(tf.unstack(x) as [tf.Tensor, tf.Tensor])), [[2, 3]]],
  slice: unary((x) => tf.slice(x, [1, 2], [2, 2])),
  pad: unary((x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  'mirror pad': unary((x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [1, 1],
      ],
      'reflect',
    ),
  ),
  tile: unary((x) => tf.tile(x, [2, 1])),
  reverse: unary((x) => tf.reverse(x, 1)),
  'broadcast to': [(x: tf.Tensor) => tf.broadcastTo(x, [4, 3]), [[1, 3]]],
  where: [(a: tf.Tensor, b: tf.Tensor) => tf.where(tf.tensor1d([1, 0, 1, 0], 'bool'), a, b), [[4]], [[4]]],
  gather: [(x: tf.Tensor) => tf.gather(x, indices(4, 0, 0, 2)), [[5, 3]]],
  'gather along axis 1': [(x: tf.Tensor) => tf.gather(x, indices(4, 0, 0), 1), [[3, 5]]],
  'unsorted segment sum': [(x: tf.Tensor) => tf.unsortedSegmentSum(x, indices(0, 2, 0, 1), 3), [[4, 3]]],
  'one hot': [(x: tf.Tensor) => tf.mul(x, tf.oneHot(indices(0, 3, 2), 4, 1, 0, 'float32')), [[3, 4]]],
  dropout: unary((x) => tf.dropout(x, 0.5, undefined, 3)),
};
