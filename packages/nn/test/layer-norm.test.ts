import { describeGolden } from '@diptych/golden';
import { describeBackends, expectLayer } from '@diptych/testkit';
import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { layerNorm } from '../src/index.ts';

beforeAll(enableAutodiff);

describeGolden('layerNorm', () => {
  describeBackends('layerNorm', () => {
    test.each([1e-5, 1e-6, 1e-12])('and its gradient are exact with epsilon %s', async (epsilon) => {
      const name = `layernorm_eps${epsilon.toExponential().replace(/e-(\d)$/, 'e-0$1')}`;
      await expectLayer(name, ({ x, weight, bias }) => {
        return { y: layerNorm({ weight: weight as tf.Tensor1D, bias: bias as tf.Tensor1D }, x!, epsilon) };
      });
    });
  });
});
