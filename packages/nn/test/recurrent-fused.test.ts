import { useBackend } from '@diptych/backend-wasm';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@diptych/core';
import { enableAutodiff, gru, initializeModel, lstm, recurrent, recurrentSpec } from '../src/index.ts';

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
  const loss = (layers: Parameters<typeof recurrent>[1], x: tf.Tensor3D) => {
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
