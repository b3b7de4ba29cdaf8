import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectLayer, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { activation, gelu, logSigmoid, logSoftmax } from '../src/index.ts';

beforeAll(enableAutodiff);

describeGolden('activations', () => {
  describeBackends('activation', () => {
    test.each([
      ['gelu', 'act.gelu_erf'],
      ['gelu_pytorch_tanh', 'act.gelu_tanh'],
      ['quick_gelu', 'act.quick_gelu'],
      ['silu', 'act.silu'],
      ['hardswish', 'act.hardswish'],
    ])('%s and its gradient are exact', async (name, golden) => {
      await expectLayer(golden, ({ x }) => ({ y: activation(name)(x!) }));
    });

    test('logSigmoid and its gradient are exact', async () => {
      await expectLayer('act.logsigmoid', ({ x }) => ({ y: logSigmoid(x!) }));
    });

    test('softmax and its logarithm do not overflow', async () => {
      await expectLayer('act.softmax', ({ x }) => ({ y: tf.softmax(x!), log_softmax: logSoftmax(x!) }));
    });
  });
});

describeBackends('gelu', () => {
  const x = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200);

  test('is within 2e-7 max(1, |x|) of the error function', async () => {
    await expectNoLeak(async () => {
      const got = await valuesOf(() => gelu(tf.tensor1d(x)));
      const scaled = (values: ArrayLike<number>) => Array.from(values, (v, i) => v / Math.max(1, Math.abs(x[i]!)));
      expectClose(scaled(got), scaled(Array.from(x, (v) => v * cumulative(v))), 2e-7);
    });
  });

  test('has a slope within 3e-7 of the density and its integral', async () => {
    const slope = tf.grad((input: tf.Tensor) => gelu(input));
    const density = (v: number) => Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI);
    const expected = Array.from(x, (v) => cumulative(v) + v * density(v));
    await expectNoLeak(async () => expectClose(await valuesOf(() => slope(tf.tensor1d(x))), expected, 3e-7));
  });
});

test('an unknown activation is refused with the names of those known', () => {
  expect(() => activation('gleu')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(() => activation('gleu')).toThrow(/quick_gelu, gelu, .*'gleu'/);
});

/** Normal distribution function in double precision: the series of Marsaglia 2004, exact to rounding for |x| < 10. */
function cumulative(x: number): number {
  let [sum, term] = [x, x];
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp((-x * x) / 2 - 0.5 * Math.log(2 * Math.PI));
}
