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

  test.each([
    ['norms before', preNormBlock],
    ['norms after', postNormBlock],
  ])('with %s gives items one after another what it gives each alone, and its gradient', async (_, block) => {
    using model = initializeModel(transformerSpec(config), 1);
    const lengths = [4, 1, 5];
    const ends = [3, 0, 4];
    const x = () => tf.tensor3d(numbers().slice(0, 10 * 8), [1, 10, 8]);
    const packed = (all: tf.Tensor3D) =>
      transformer(config, model.params, all, { block, mask: causalMask(5), at: ends, lengths });
    const apart = (all: tf.Tensor3D) => {
      const items = tf.split<tf.Tensor3D>(all, lengths, 1).map((item, i) => {
        const options = { block, mask: causalMask(lengths[i]!), at: [ends[i]!] };
        return transformer(config, model.params, item, options);
      });
      return tf.concat(items, 0);
    };
    const slope = (f: (x: tf.Tensor3D) => tf.Tensor) => () =>
      tf.grad((all) => tf.sum(tf.square(f(all as tf.Tensor3D))))(x());
    await expectNoLeak(async () => {
      expectClose(await valuesOf(() => packed(x())), await valuesOf(() => apart(x())), 1e-6);
      expectClose(await valuesOf(slope(packed)), await valuesOf(slope(apart)), 1e-5);
    });
  });
});
