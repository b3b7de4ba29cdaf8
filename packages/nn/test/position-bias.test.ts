import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectGradients, expectNoLeak, readTensors, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { initializeModel, linearBias, relativeBias } from '../src/index.ts';

beforeAll(enableAutodiff);

describeGolden('biases of distances', () => {
  describeBackends('of MPNet', () => {
    test('are those of its buckets, near, far and beyond the farthest', async () => {
      const expected = await readTensors('oracles2/mpnet/expected.safetensors');
      const buckets = expected.get('relative_position_bucket_of_-199_to_199')!.data;
      await expectNoLeak(async () => {
        // Each bucket's bias is its number.
        const bias = await valuesOf(() => relativeBias(tf.reshape<tf.Rank.R2>(tf.range(0, 32), [32, 1]), 200));
        const [first, last] = [bias.slice(0, 200), bias.slice(199 * 200)];
        expectClose(last, Array.from(buckets.slice(0, 200), Number), 0);
        expectClose(first, Array.from(buckets.slice(199), Number), 0);
      });
    });

    test('are of each head', async () => {
      const expected = await readTensors('oracles2/mpnet/expected.safetensors');
      const table = (await readTensors('oracles2/mpnet/model.safetensors')).get(
        'encoder.relative_attention_bias.weight',
      )!;
      const bias = await valuesOf(() => relativeBias(tf.tensor2d(table.data as Float32Array, [32, 4]), 40));
      expectClose(bias, expected.get('position_bias')!.data as Float32Array, 0);
    });
  });
});

describeBackends('biases of distances', () => {
  test('have exact gradients', async () => {
    using model = initializeModel(
      { table: { shape: [8, 2], init: (n) => Float32Array.from({ length: n }, (_, i) => Math.sin(i + 1)) } },
      1,
    );
    const loss = () => {
      const bias = relativeBias(model.params.table as tf.Tensor2D, 7);
      const weights = tf.tensor4d(
        Float32Array.from({ length: bias.size }, (_, i) => Math.cos(i * i)),
        [1, 2, 7, 7],
      );
      return tf.sum<tf.Scalar>(tf.mul(tf.square(bias), weights));
    };
    await expectGradients(loss, [...model.variables.values()]);
  });

  test('of ALiBi fall with each head by a slope of its own, both ways', async () => {
    const slopes = async (heads: number) => {
      const bias = await valuesOf(() => linearBias(heads, 3));
      const each = Array.from({ length: heads }, (_, head) => bias.slice(9 * head, 9 * head + 9));
      each.forEach((own) =>
        expectClose(
          own,
          [0, 1, 2, 1, 0, 1, 2, 1, 0].map((far) => far * own[1]!),
          1e-7,
        ),
      );
      return each.map((own) => -own[1]!);
    };
    expectClose(
      await slopes(8),
      [1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i),
      6e-8,
    );
    // Press et al., `get_slopes(12)`.
    expectClose(
      await slopes(12),
      [1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5].map((i) => 2 ** -i),
      6e-8,
    );
  });

  test('of no length are refused', () => {
    expect(() => linearBias(0, 3)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => linearBias(2, 1.5)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
