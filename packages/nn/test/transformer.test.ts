import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  causalMask,
  initializeModel,
  postNormBlock,
  preNormBlock,
  tokensAt,
  transformer,
  type TransformerConfig,
  transformerSpec,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const config: TransformerConfig = {
  width: 8,
  layers: 2,
  heads: 2,
  mlpWidth: 12,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
};
const numbers = () => Float32Array.from({ length: 3 * 5 * 8 }, (_, i) => Math.sin(i * i));
const at = [4, 0, 2];

describeBackends('transformer', () => {
  test.each([
    ['norms before', preNormBlock],
    ['norms after', postNormBlock],
  ])('with %s gives at one position what it gives there of all', async (_, block) => {
    using model = initializeModel(transformerSpec(config), 1);
    const all = (x: tf.Tensor3D) => transformer(config, model.params, x, { block, mask: causalMask(5) });
    const one = (x: tf.Tensor3D) => transformer(config, model.params, x, { block, mask: causalMask(5), at });
    await expectNoLeak(async () => {
      const expected = await valuesOf(() => tokensAt(all(tf.tensor3d(numbers(), [3, 5, 8])), at));
      const got = await valuesOf(() => one(tf.tensor3d(numbers(), [3, 5, 8])));
      expect(got).toHaveLength(3 * 8);
      expectClose(got, expected, 1e-6);
    });
    await expectNoLeak(async () => {
      const slope = (f: (x: tf.Tensor3D) => tf.Tensor) =>
        valuesOf(() => tf.grad((x) => tf.sum(tf.square(f(x as tf.Tensor3D))))(tf.tensor3d(numbers(), [3, 5, 8])));
      expectClose(await slope(one), await slope((x) => tokensAt(all(x), at)), 1e-5);
    });
  });
});
