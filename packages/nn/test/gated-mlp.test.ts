import { seededRandom } from '@diptych/core';
import { describeBackends, expectClose, expectGradients, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  gatedMlp,
  gatedMlpSpec,
  gelu,
  initializeModel,
  layerNorm,
  layerNormSpec,
  linearSpec,
  loadModel,
  normal,
  projectionSpec,
  silu,
} from '../src/index.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';

beforeAll(enableAutodiff);

const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * i + 1));
const x = (): tf.Tensor3D => tf.tensor3d(numbers(2 * 3 * 8), [2, 3, 8]);

/** `x · weight + bias`, row-major, of the columns from `from` on. */
function product(rows: ArrayLike<number>, weight: tf.Tensor2D, bias: tf.Tensor1D | undefined, [from, end]: number[]) {
  const [inputs, outputs] = weight.shape;
  const [w, b] = [weight.dataSync(), bias?.dataSync()];
  return Float64Array.from({ length: (rows.length / inputs) * (end! - from!) }, (_, i) => {
    const [row, column] = [Math.floor(i / (end! - from!)), from! + (i % (end! - from!))];
    return Array.from({ length: inputs }, (__, k) => rows[row * inputs + k]! * w[k * outputs + column]!).reduce(
      (sum, value) => sum + value,
      b?.[column] ?? 0,
    );
  });
}

describeBackends('gatedMlp', () => {
  test.each([
    ['without biases', projectionSpec, 16],
    ['with biases', linearSpec, 16],
    ['of a width that is no multiple of eight', linearSpec, 5],
  ] as const)('%s multiplies the values by the gates after their activation', async (_, layer, hidden) => {
    using model = initializeModel(gatedMlpSpec(8, hidden, layer), 2);
    const { fc1, fc2 } = model.params;
    const bias = (params: object) => ('bias' in params ? (params.bias as tf.Tensor1D) : undefined);
    const rows = numbers(2 * 3 * 8);
    const gates = product(rows, fc1.weight, bias(fc1), [0, hidden]);
    const values = product(rows, fc1.weight, bias(fc1), [hidden, 2 * hidden]);
    const expected = product(
      gates.map((gate, i) => (gate / (1 + Math.exp(-gate))) * values[i]!),
      fc2.weight,
      bias(fc2),
      [0, 8],
    );
    await expectNoLeak(async () => {
      const got = await valuesOf(() => gatedMlp(model.params, x(), { activation: silu, residual: x() }));
      expectClose(
        got,
        expected.map((value, i) => value + rows[i]!),
        1e-5,
      );
    });
  });

  test.each([
    ['int16', 2e-3],
    ['int8', 5e-2],
  ] as const)('in %s is nearly the same', async (dtype, tolerance) => {
    const random = seededRandom(2);
    const array = (...shape: number[]) => [shape, normal(0.3)(shape[0]! * shape[1]!, random)] as const;
    const arrays = { 'fc1.weight': array(32, 8), 'fc2.weight': array(8, 16) };
    const names = { fc1: 'fc1', fc2: 'fc2' };
    const spec = gatedMlpSpec(8, 16, projectionSpec);
    using full = await loadModel(spec, fakeCheckpoint(arrays), { names });
    using model = await loadModel(spec, fakeCheckpoint(arrays), { names }, { dtype });
    const expected = await valuesOf(() => gatedMlp(full.params, x(), { activation: gelu }));
    expectClose(await valuesOf(() => gatedMlp(model.params, x(), { activation: gelu })), expected, tolerance);
  });

  test.each([
    ['gelu', gelu],
    ['silu', silu],
  ] as const)('of %s and a norm inside has exact gradients', async (_, activation) => {
    const spec = { mlp: gatedMlpSpec(8, 16, linearSpec), norm: layerNormSpec(16), x: { shape: [6, 8], init: numbers } };
    using model = initializeModel(spec, 3);
    const { mlp, norm } = model.params;
    const loss = () => {
      const options = { activation, norm: (hidden: tf.Tensor) => layerNorm(norm, hidden, 1e-5) };
      return tf.mean<tf.Scalar>(tf.square(gatedMlp(mlp, model.params.x, options)));
    };
    await expectGradients(loss, [...model.variables.values()]);
  });
});
