import type { FusedActivation, FusedKernels } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activations } from './activations.ts';
import { attention, batchNorm, layerNorm } from './formulas.ts';
import { randomNumbers } from './random.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

/** The outputs of a gradient kernel; every tensor is freed. */
function gradients<Name extends keyof FusedKernels>(
  name: Name,
  inputs: () => FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): Float32Array[] {
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => runAll(name, inputs(), attrs).map((tensor) => tensor.dataSync<'float32'>()));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** Central differences of `sum(dy * forward(x))` in double precision. */
function differences(x: Float32Array, dy: Float32Array, forward: (x: Float64Array) => ArrayLike<number>): Float64Array {
  const step = 1e-5;
  const sum = (at: Float64Array) => Array.from(forward(at)).reduce((total, y, i) => total + y * dy[i]!, 0);
  return Float64Array.from(x, (_, i) => {
    const [low, high] = [Float64Array.from(x), Float64Array.from(x)];
    low[i]! -= step;
    high[i]! += step;
    return (sum(high) - sum(low)) / (2 * step);
  });
}

describeVariants('gradients', () => {
  it.each(Object.keys(activations) as FusedActivation[])('of %s', (activation) => {
    const x = Float32Array.from({ length: 241 }, (_, i) => (i - 120.3) / 20);
    const dy = randomNumbers(1)(x.length);
    const inputs = () => ({ x: tf.tensor1d(x), dy: tf.tensor1d(dy) });
    const [dx] = gradients('DiptychActivateGrad', inputs, { activation });
    expectClose(
      dx!,
      differences(x, dy, (at) => at.map(activations[activation])),
      1e-6,
    );
  });

  it.each(Object.keys(activations) as FusedActivation[])('of %s far out are those of lines', (activation) => {
    const x = Float32Array.of(-1e4, -100, 100, 1e4, Infinity, NaN);
    const inputs = () => ({ x: tf.tensor1d(x), dy: tf.onesLike(tf.tensor1d(x)) });
    const [dx] = gradients('DiptychActivateGrad', inputs, { activation });
    const above = activation === 'relu6' || activation === 'hardsigmoid' ? 0 : 1;
    expectClose(dx!.subarray(0, 5), [0, 0, above, above, above], 1e-6);
  });

  it.each([
    [1, 1],
    [3, 4],
    [2, 7],
    [4, 33],
  ])('of layer norm of %i rows of %i', (rows, width) => {
    const numbers = randomNumbers(width);
    const [x, weight, bias, dy] = [numbers(rows * width), numbers(width), numbers(width), numbers(rows * width)];
    const epsilon = 1e-2;
    const inputs = () => ({
      x: tf.tensor2d(x, [rows, width]),
      weight: tf.tensor1d(weight),
      dy: tf.tensor2d(dy, [rows, width]),
    });
    const [dx, dWeight, dBias] = gradients('DiptychLayerNormGrad', inputs, { epsilon });
    expectClose(
      dx!,
      differences(x, dy, (at) => layerNorm(at, weight, bias, epsilon)),
      1e-5,
    );
    expectClose(
      dWeight!,
      differences(weight, dy, (at) => layerNorm(x, at, bias, epsilon)),
      1e-5,
    );
    expectClose(
      dBias!,
      differences(bias, dy, (at) => layerNorm(x, weight, at, epsilon)),
      1e-5,
    );
  });

  it.each([
    [2, 1],
    [5, 4],
    [7, 9],
    [70, 3],
  ])('of batch norm of %i rows of %i', (rows, width) => {
    const numbers = randomNumbers(width);
    const [x, weight, bias, dy] = [numbers(rows * width), numbers(width), numbers(width), numbers(rows * width)];
    const epsilon = 1e-2;
    const inputs = () => ({
      x: tf.tensor2d(x, [rows, width]),
      weight: tf.tensor1d(weight),
      dy: tf.tensor2d(dy, [rows, width]),
    });
    const [dx, dWeight, dBias] = gradients('DiptychBatchNormGrad', inputs, { epsilon });
    const forward = (at: ArrayLike<number>, scale: ArrayLike<number>, shift: ArrayLike<number>) =>
      batchNorm(at, scale, shift, epsilon).y;
    expectClose(
      dx!,
      differences(x, dy, (at) => forward(at, weight, bias)),
      1e-5,
    );
    expectClose(
      dWeight!,
      differences(weight, dy, (at) => forward(x, at, bias)),
      1e-5,
    );
    expectClose(
      dBias!,
      differences(bias, dy, (at) => forward(x, weight, at)),
      1e-5,
    );
  });

  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [2, 9, 16],
    [13, 4, 3],
    [0, 3, 2],
  ])('of a linear layer of %i rows, %i by %i', (m, k, n) => {
    const numbers = randomNumbers(m);
    const [x, weight, dy] = [numbers(m * k), numbers(k * n), numbers(m * n)];
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from({ length: m * n }, (_, at) => {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[Math.floor(at / n) * k + p]! * b[p * n + (at % n)]!;
        return sum;
      });
    const inputs = () => ({
      x: tf.tensor2d(x, [m, k]),
      weight: tf.tensor2d(weight, [k, n]),
      dy: tf.tensor2d(dy, [m, n]),
    });
    const [dx, dWeight, dBias] = gradients('DiptychLinearGrad', inputs, {});
    expectClose(
      dx!,
      differences(x, dy, (at) => product(at, weight)),
      1e-5,
    );
    expectClose(
      dWeight!,
      differences(weight, dy, (at) => product(x, at)),
      1e-5,
    );
    const columns = Array.from({ length: n }, (_, j) => dy.reduce((sum, v, at) => (at % n === j ? sum + v : sum), 0));
    expectClose(dBias!, columns, 1e-5);
  });

  it.each([
    [1, 1, 1, 1],
    [2, 3, 2, 4],
    [1, 9, 1, 5],
  ] as const)('of self-attention, [%i, %i] with %i heads of %i', (...shape) => {
    const [n, length, heads, size] = shape;
    const numbers = randomNumbers(length);
    const [qkv, dy] = [numbers(3 * n * length * heads * size), numbers(n * length * heads * size)];
    const causal = Float32Array.from({ length: length * length }, (_, at) => (at % length > at / length ? -1e9 : 0));
    const inputs = () => ({
      qkv: tf.tensor3d(qkv, [n, length, 3 * heads * size]),
      dy: tf.tensor3d(dy, [n, length, heads * size]),
      mask: tf.tensor4d(causal, [1, 1, length, length]),
    });
    const [dqkv, dMask] = gradients('DiptychSelfAttentionGrad', inputs, { heads });
    const forward = (at: Float64Array) => attention(at, shape, (_item, _head, i, j) => causal[i * length + j]!);
    expectClose(dqkv!, differences(qkv, dy, forward), 1e-5);
    const masked = Float32Array.from({ length: n * heads * length * length }, (_, at) => causal[at % length ** 2]!);
    const ofMask = (at: Float64Array) =>
      attention(qkv, shape, (item, head, i, j) => at[((item * heads + head) * length + i) * length + j]!);
    expectClose(dMask!, differences(masked, dy, ofMask), 1e-5);
  });
});
