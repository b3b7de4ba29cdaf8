import { useBackend } from '@diptych/backend-wasm';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@diptych/core';
import { enableAutodiff } from '../src/autodiff.ts';
import { trainingImageOps } from './training-image-ops.ts';
import { type Input, trainingOps } from './training-ops.ts';

beforeAll(enableAutodiff);

describe('what models are made of, and its gradients, on wasm as on cpu:', () => {
  it.each(Object.entries({ ...trainingOps, ...trainingImageOps }))('%s', async (_, [op, ...inputs]) => {
    await useBackend('cpu');
    const expected = await expectNoLeak(() => valueAndGradients(op, inputs));
    await useBackend('wasm');
    const got = await expectNoLeak(() => valueAndGradients(op, inputs));
    expect(got).toHaveLength(inputs.length + 1);
    got.forEach((values, i) => expectClose(values, expected[i]!, 1e-5 * largest(expected[i]!)));
  });
});

/** At least 1. */
function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
}

/** Of `sum(op(inputs) * dy)`, all from one seed. */
function valueAndGradients(op: (...inputs: never[]) => tf.Tensor, inputs: readonly Input[]): Float32Array[] {
  const random = seededRandom(1);
  const draw = (shape: readonly number[], low = -1, high = 1) => {
    const size = tf.util.sizeFromShape([...shape]);
    return tf.tensor(
      Float32Array.from({ length: size }, () => low + (high - low) * random()),
      [...shape],
    );
  };
  return tf.tidy(() => {
    const xs = inputs.map((input) => draw(...input));
    const run = op as (...all: tf.Tensor[]) => tf.Tensor;
    const value = run(...xs);
    const dy = draw(value.shape);
    const gradients = tf.grads((...all) => tf.sum(tf.mul(run(...all), dy)))(xs);
    return [value, ...gradients].map((tensor) => tensor.dataSync<'float32'>());
  });
}
