import { initializeModel, paddingMask, type ParamsOf, type Spec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectGradients, expectNoLeak } from '@diptych/testkit';
import { type Fusion, seededRandom } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as fusion from '../src/index.ts';

beforeAll(enableAutodiff);

const parts = { text: 7, image: 6 };
const config = { parts, dim: 5, hidden: 9, inner: 4, rank: 3, pool: 2, weights: { text: 2, image: 1 } };
const modulation = { parts, modulated: 'text' } as const;

type Part = keyof typeof parts;

function operator<S extends Spec>(spec: S, fuse: (params: ParamsOf<S>) => Fusion<Part>) {
  return { spec, fuse: fuse as (params: unknown) => Fusion<Part> };
}

const operators = {
  concatLinear: operator(fusion.concatLinearSpec(config), (p) => fusion.concatLinearFusion(config, p)),
  concatMlp: operator(fusion.concatMlpSpec(config), (p) => fusion.concatMlpFusion(config, p)),
  sum: operator(fusion.sumSpec(config), (p) => fusion.sumFusion(config, p)),
  hadamard: operator(fusion.hadamardSpec(config), (p) => fusion.hadamardFusion(config, p)),
  gated: operator(fusion.gatedSpec(config), (p) => fusion.gatedFusion(config, p)),
  bilinear: operator(fusion.bilinearSpec(config), (p) => fusion.bilinearFusion(config, p)),
  mlb: operator(fusion.mlbSpec(config), (p) => fusion.mlbFusion(config, p)),
  mutan: operator(fusion.mutanSpec(config), (p) => fusion.mutanFusion(config, p)),
  mfb: operator(fusion.mfbSpec(config), (p) => fusion.mfbFusion(config, p)),
  lmf: operator(fusion.lmfSpec(config), (p) => fusion.lmfFusion(config, p)),
  film: operator(fusion.filmSpec(modulation), (p) => fusion.filmFusion(modulation, p)),
  late: operator(fusion.lateSpec(config), (p) => fusion.lateFusion(config, p)),
  availableMean: operator(fusion.availableMeanSpec(config), (p) => fusion.availableMeanFusion(config, p)),
  availableAttention: operator(fusion.availableAttentionSpec(config), (p) => {
    return fusion.availableAttentionFusion(config, p);
  }),
};

function random(shape: number[], seed: number): tf.Tensor {
  const next = seededRandom(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * next() - 1),
    shape,
  );
}

const given = () => ({ text: random([3, 7], 1) as tf.Tensor2D, image: random([3, 6], 2) as tf.Tensor2D });

/** Keeps signed square roots and ReLUs away from their kinks. */
const start = 6;

describeBackends('gradients by central differences', () => {
  describe.each(Object.entries(operators))('%s', (_, { spec, fuse }) => {
    test('has the slope of each variable, and the length it says', async () => {
      using model = initializeModel(spec, start);
      const { forward, variables, dim } = fuse(model.params);
      expect(variables).toHaveLength(model.variables.size);
      expect(tf.tidy(() => forward(given()).shape)).toEqual([3, dim]);
      await expectGradients(() => tf.sum(forward(given())), variables);
    });

    test('gives each item its own row', async () => {
      using model = initializeModel(spec, start);
      const { forward } = fuse(model.params);
      await expectNoLeak(() =>
        tf.tidy(() => {
          const { text, image } = given();
          const swapped = forward({ text: tf.reverse(text, 0), image: tf.reverse(image, 0) });
          const difference = tf.max(tf.abs(tf.sub(tf.reverse(swapped, 0), forward({ text, image }))));
          expect(difference.dataSync<'float32'>()[0]).toBeLessThan(1e-6);
        }),
      );
    });
  });

  test('missing tokens learn where a part is missing', async () => {
    using model = initializeModel({ tokens: fusion.missingTokensSpec(parts), head: fusion.gatedSpec(config) }, 5);
    const { tokens, head } = model.params;
    const { forward, variables } = fusion.missingTokensFusion(parts, tokens, fusion.gatedFusion(config, head));
    expect(variables).toHaveLength(model.variables.size);
    await expectGradients(() => tf.sum(forward(given(), { text: [1, 1, 0], image: [0, 1, 1] })), variables);
  });

  test('FiLM modulates the channels of a map', async () => {
    using model = initializeModel(fusion.filmSpec({ parts: { image: 4, text: 7 }, modulated: 'image' }), 5);
    const condition = () => random([2, 7], 1) as tf.Tensor2D;
    const map = () => random([2, 3, 5, 4], 2) as tf.Tensor4D;
    const forward = () => fusion.film(model.params, map(), condition());
    await expectGradients(() => tf.sum(forward()), [...model.variables.values()]);
    tf.tidy(() => {
      const pixel = tf.reshape<tf.Rank.R2>(tf.slice(map(), [0, 2, 1, 0], [-1, 1, 1, -1]), [2, 4]);
      const alone = fusion.film(model.params, pixel, condition()).arraySync();
      expect(tf.reshape(tf.slice(forward(), [0, 2, 1, 0], [-1, 1, 1, -1]), [2, 4]).arraySync()).toEqual(alone);
    });
  });

  test('co-attention moves both layers', async () => {
    using model = initializeModel(fusion.coAttentionSpec(8), 5);
    const masks = () => [paddingMask([1, 1, 0, 1, 1, 1], [2, 3]), undefined] as const;
    const weigh = (x: tf.Tensor, seed: number) => tf.sum(tf.mul(x, random(x.shape, seed)));
    const forward = () => {
      const [x, y] = fusion.coAttention(
        model.params,
        random([2, 3, 8], 1) as tf.Tensor3D,
        random([2, 4, 8], 2) as tf.Tensor3D,
        { heads: 2, masks: masks() },
      );
      return tf.add(weigh(x, 3), weigh(y, 4));
    };
    await expectGradients(() => tf.sum(forward()), [...model.variables.values()]);
  });
});
