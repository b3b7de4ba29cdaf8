import { useBackend } from '@diptych/backend-wasm';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@diptych/core';
import { enableAutodiff } from '../src/autodiff.ts';
import { gatherRows, gru, initializeModel, lstm, recurrent, recurrentSpec, type SharedInputs } from '../src/index.ts';

beforeAll(enableAutodiff);

const shape = { inputs: 6, hidden: 9, layers: 2, bidirectional: true };
// The second text has a gap, the last nothing that counts.
const mask = () =>
  tf.tensor2d([
    [1, 1, 1, 1],
    [1, 0, 1, 0],
    [0, 0, 0, 0],
  ]);

function input(): tf.Tensor3D {
  const random = seededRandom(4);
  return tf.tensor3d(
    Float32Array.from({ length: 72 }, () => 2 * random() - 1),
    [3, 4, 6],
  );
}

describe.each(Object.entries({ gru, lstm }))('%s by its kernels, as in plain operations:', (_, kind) => {
  const loss = (layers: Parameters<typeof recurrent>[1], x: tf.Tensor3D | SharedInputs) => {
    const { outputs, states } = recurrent(kind, layers, x, mask());
    return tf.addN<tf.Scalar>([
      tf.sum(tf.square(tf.add(outputs, 0.5))),
      ...states.flat().map((state) => tf.sum<tf.Scalar>(tf.square(tf.sub(state, 0.3)))),
    ]);
  };

  const onBoth = async (run: () => Float32Array[]): Promise<[cpu: Float32Array[], wasm: Float32Array[]]> => {
    await useBackend('cpu');
    const expected = await expectNoLeak(run);
    await useBackend('wasm');
    return [expected, await expectNoLeak(run)];
  };

  it('results, states and gradients of masks with gaps', async () => {
    const [expected, got] = await onBoth(() => {
      using model = initializeModel({ layers: recurrentSpec(kind, shape) }, 7);
      return tf.tidy(() => {
        const x = input();
        const alone = recurrent(kind, model.params.layers, x, mask());
        const variables = [...model.variables.values()];
        const { grads } = tf.variableGrads(() => loss(model.params.layers, x), variables);
        const dx = tf.grad((given) => loss(model.params.layers, given as tf.Tensor3D))(x);
        const all = [alone.outputs, ...alone.states.flat(), dx, ...variables.map(({ name }) => grads[name]!)];
        return all.map((tensor) => tensor.dataSync<'float32'>());
      });
    });
    expect(got).toHaveLength(expected.length);
    expected.forEach((values, i) => expectClose(got[i]!, values, 2e-5));
    // Nothing of the last text.
    expect(got[0]!.subarray(2 * 4 * 18)).toEqual(new Float32Array(4 * 18));
  });

  it('inputs that several places share are as inputs of their own', async () => {
    const at = Int32Array.of(2, 0, 2, 1, 1, 3, 2, 2, 3, 3, 0, 1);
    const onEach = await onBoth(() => {
      using model = initializeModel({ layers: recurrentSpec(kind, shape) }, 7);
      return tf.tidy(() => {
        const rows = tf.slice2d(tf.reshape<tf.Rank.R2>(input(), [12, 6]), [0, 0], [4, 6]);
        const variables = [...model.variables.values()];
        const results = [
          (given: tf.Tensor2D) => ({ rows: given, at }),
          (given: tf.Tensor2D) => tf.reshape<tf.Rank.R3>(gatherRows(given, at), [3, 4, 6]),
        ].map((inputs) => {
          const of = (given: tf.Tensor) => loss(model.params.layers, inputs(given as tf.Tensor2D));
          const { value, grads } = tf.variableGrads(() => of(rows), variables);
          const all = [value, tf.grad(of)(rows), ...variables.map(({ name }) => grads[name]!)];
          return Float32Array.from(all.flatMap((tensor) => [...tensor.dataSync()]));
        });
        return results;
      });
    });
    for (const [shared, own] of onEach) expectClose(shared!, own!, 2e-5);
  });

  it('gradients of gradients', async () => {
    const [expected, got] = await onBoth(() => {
      using model = initializeModel({ layers: recurrentSpec(kind, { ...shape, layers: 1 }) }, 7);
      return tf.tidy(() => {
        const slope = (x: tf.Tensor) => tf.grad((given) => loss(model.params.layers, given as tf.Tensor3D))(x);
        return [
          tf
            .grad((x) => tf.sum(tf.square(slope(x))))(input())
            .dataSync<'float32'>(),
        ];
      });
    });
    expectClose(got[0]!, expected[0]!, 2e-5);
  });
});
