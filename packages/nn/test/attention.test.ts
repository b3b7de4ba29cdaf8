import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectLayer, expectNoLeak, valuesOf } from '@diptych/testkit';
import { seededRandom } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { attentionWeights, splitHeads } from '../src/layers/attention.ts';
import { enableAutodiff } from '../src/autodiff.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';
import {
  type Attention,
  attentionSpec,
  causalMask,
  crossAttention,
  initializeModel,
  linear,
  loadModel,
  normal,
  paddingMask,
  type ParamsOf,
  selfAttention,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const heads = 2;

describeGolden('attention', () => {
  describeBackends('selfAttention', () => {
    test.each([
      ['mha_self', () => undefined],
      ['mha_causal', () => causalMask(5)],
      ['mha_padding', () => paddingMask([1, 1, 1, 0, 0, 1, 1, 1, 1, 1], [2, 5])],
    ])('%s and its gradient are exact', async (name, mask) => {
      await expectLayer(name, ({ x, ...weights }) => {
        const params = attention(weights);
        const options = { heads, mask: mask() };
        return {
          y: selfAttention(params, x as tf.Tensor3D, options),
          attn: weightsOf(params, x as tf.Tensor3D, x as tf.Tensor3D, options.mask),
        };
      });
    });
  });

  describeBackends('crossAttention', () => {
    test('and its gradient are exact', async () => {
      await expectLayer('mha_cross', ({ q, kv, ...weights }) => {
        const params = attention(weights);
        return {
          y: crossAttention(params, q as tf.Tensor3D, kv as tf.Tensor3D, { heads }),
          attn: weightsOf(params, q as tf.Tensor3D, kv as tf.Tensor3D),
        };
      });
    });
  });
});

describeBackends('attention', () => {
  const x = () =>
    tf.tensor3d(
      Float32Array.from({ length: 2 * 5 * 8 }, (_, i) => Math.sin(i)),
      [2, 5, 8],
    );

  test('over itself is cross-attention of x and x', async () => {
    using model = initializeModel(attentionSpec(8), 1);
    await expectNoLeak(async () => {
      const itself = await valuesOf(() => selfAttention(model.params, x(), { heads }));
      expectClose(await valuesOf(() => crossAttention(model.params, x(), x(), { heads })), itself, 1e-6);
    });
  });

  test.each(['float32', 'int16', 'int8'] as const)(
    'over itself is cross-attention in %s, with the same products',
    async (dtype) => {
      const random = seededRandom(2);
      const shapes = { 'inProj.weight': [24, 8], 'inProj.bias': [24], 'outProj.weight': [8, 8], 'outProj.bias': [8] };
      const arrays = Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => {
          return [
            name,
            [
              shape,
              normal(1)(
                shape.reduce((a, b) => a * b, 1),
                random,
              ),
            ] as const,
          ];
        }),
      );
      const names = { inProj: 'inProj', outProj: 'outProj' };
      await expectNoLeak(async () => {
        using model = await loadModel(attentionSpec(8), fakeCheckpoint(arrays), { names }, { dtype });
        const itself = await valuesOf(() => selfAttention(model.params, x(), { heads }));
        expectClose(await valuesOf(() => crossAttention(model.params, x(), x(), { heads })), itself, 2e-6);
      });
    },
  );

  test('of a row without any key is the mean of its values, not NaN', async () => {
    const scores = tf.zeros<tf.Rank.R4>([1, 1, 2, 4]);
    const weights = await valuesOf(() => attentionWeights(scores, scores, paddingMask([0, 0], [1, 2])));
    scores.dispose();
    expectClose(weights, [0.5, 0.5, 0.5, 0.5], 0);
  });
});

/** Parameters from the arrays of a golden case, turned from PyTorch's layout. */
function attention(weights: Readonly<Record<string, tf.Tensor>>): ParamsOf<Attention> {
  const part = (weight: string, bias: string) => ({
    weight: tf.transpose(weights[weight] as tf.Tensor2D),
    bias: weights[bias] as tf.Tensor1D,
  });
  return { inProj: part('in_proj_weight', 'in_proj_bias'), outProj: part('out_proj.weight', 'out_proj.bias') };
}

function weightsOf(
  { inProj }: ParamsOf<Attention>,
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  mask?: tf.Tensor4D,
): tf.Tensor {
  const part = (x: tf.Tensor3D, index: number) => {
    return splitHeads(tf.split(linear(inProj, x), 3, 2)[index] as tf.Tensor3D, heads);
  };
  return attentionWeights(part(queries, 0), part(keys, 1), mask);
}
