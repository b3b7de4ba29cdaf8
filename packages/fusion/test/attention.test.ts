import { describeGolden } from '@diptych/golden';
import { initializeModel, paddingMask } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, numbers, readTensors, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { coAttention, coAttentionSpec, crossAttentionLayer, crossAttentionLayerSpec } from '../src/index.ts';

describeGolden('layers.safetensors', () => {
  describeBackends('crossAttentionLayer', () => {
    test('adds attention to the tokens and normalises them', async () => {
      const tensors = await readTensors('oracles/layers.safetensors');
      const values = (role: string) => [...numbers(tensors, `mha_cross/${role}`)];
      const tensor = (role: string) => tf.tensor(values(role), [...tensors.get(`mha_cross/${role}`)!.shape]);
      const part = (weight: string, bias: string) => ({
        weight: tf.transpose(tensor(weight) as tf.Tensor2D),
        bias: tensor(bias) as tf.Tensor1D,
      });
      const attended = values('out.y');
      const sums = values('in.q').map((q, i) => q + attended[i]!);
      await expectNoLeak(async () => {
        const rows = await valuesOf(() => {
          const attention = {
            inProj: part('w.in_proj_weight', 'w.in_proj_bias'),
            outProj: part('w.out_proj.weight', 'w.out_proj.bias'),
          };
          const norm = { weight: tf.ones<tf.Rank.R1>([8]), bias: tf.zeros<tf.Rank.R1>([8]) };
          const [q, kv] = [tensor('in.q') as tf.Tensor3D, tensor('in.kv') as tf.Tensor3D];
          return crossAttentionLayer({ attention, norm }, q, kv, { heads: 2 });
        });
        expectClose(rows, normalized(sums, 8), 1e-5);
      });
    });
  });
});

const tokens = (n: number, length: number, seed = 1) =>
  tf.tensor3d(
    Array.from({ length: n * length * 8 }, (_, i) => Math.sin(seed + i * i)),
    [n, length, 8],
  );

describeBackends('attention between modalities', () => {
  test('does not see padding, and keeps no order of the context', async () => {
    using model = initializeModel(crossAttentionLayerSpec(8), 1);
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => crossAttentionLayer(model.params, tokens(1, 2), tokens(1, 3), { heads: 2 }));
      const padded = await valuesOf(() => {
        const context = tf.concat([tokens(1, 3), tokens(1, 2, 5)], 1);
        return crossAttentionLayer(model.params, tokens(1, 2), context, {
          heads: 2,
          mask: paddingMask([1, 1, 1, 0, 0], [1, 5]),
        });
      });
      expectClose(padded, rows, 1e-6);
      const turned = await valuesOf(() =>
        crossAttentionLayer(model.params, tokens(1, 2), tf.reverse(tokens(1, 3), 1), { heads: 2 }),
      );
      expectClose(turned, rows, 1e-6);
    });
  });

  test('both ways is one layer each way', async () => {
    using model = initializeModel(coAttentionSpec(8), 1);
    const { first, second } = model.params;
    const [x, y] = [() => tokens(2, 3), () => tokens(2, 5, 9)];
    const both = (which: 0 | 1) => valuesOf(() => coAttention(model.params, x(), y(), { heads: 4 })[which]);
    await expectNoLeak(async () => {
      expectClose(await both(0), await valuesOf(() => crossAttentionLayer(first, x(), y(), { heads: 4 })), 0);
      expectClose(await both(1), await valuesOf(() => crossAttentionLayer(second, y(), x(), { heads: 4 })), 0);
    });
  });

  test('refuses tokens that do not fit', async () => {
    using model = initializeModel(crossAttentionLayerSpec(8), 1);
    const attend = (context: () => tf.Tensor) => () =>
      tf.tidy(() => crossAttentionLayer(model.params, tokens(2, 3), context() as tf.Tensor3D, { heads: 2 }));
    await expectNoLeak(() => {
      const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
      expect(attend(() => tokens(1, 3))).toThrow(mismatch);
      expect(attend(() => tf.zeros([2, 3, 4]))).toThrow(mismatch);
      expect(attend(() => tf.zeros([2, 8]))).toThrow(/context: expected \[2, tokens, 8\], got \[2,8\]/);
    });
  });
});

/** Rows of mean 0 and variance 1, in float64. */
function normalized(values: readonly number[], width: number): number[] {
  return values.map((value, i) => {
    const row = values.slice(i - (i % width), i - (i % width) + width);
    const mean = row.reduce((sum, v) => sum + v, 0) / width;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width;
    return (value - mean) / Math.sqrt(variance + 1e-5);
  });
}
