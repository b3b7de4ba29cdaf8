import { describeGolden } from '@diptych/golden';
import { describeBackends, expectLayer } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  gru,
  type Linear,
  lstm,
  type ParamsOf,
  recurrent,
  type RecurrentCell,
  type RecurrentLayer,
} from '../src/index.ts';

beforeAll(enableAutodiff);

type Weights = Readonly<Record<string, tf.Tensor>>;

const lengths = [6, 3, 1];
const mask = () => tf.tensor2d(lengths.map((length) => [0, 1, 2, 3, 4, 5].map((i) => (i < length ? 1 : 0))));

describeGolden('recurrent', () => {
  describeBackends('recurrent', () => {
    test.each([
      ['gru', gru],
      ['gru_2layer', gru],
      ['bigru', gru],
      ['lstm', lstm],
      ['bilstm', lstm],
    ])('%s and its gradient are within 1e-6', async (name, kind) => {
      const forward = ({ x, ...weights }: Weights) => {
        const { outputs, states } = recurrent(kind, layersOf(weights), x as tf.Tensor3D, mask());
        const halves = tf.split(outputs, outputs.shape[2] / 4, 2);
        return {
          y: outputs,
          last_by_length: tf.stack(lengths.map((length, i) => row(outputs, i, length - 1))),
          h_n: tf.stack(states.map(([h]) => h!)),
          ...(kind === lstm && { c_n: tf.stack(states.map(([, c]) => c!)) }),
          ...(halves.length === 2 && { vse_infty_avg_fwd_bwd: tf.mean(tf.stack(halves), 0) }),
        };
      };
      await expectLayer(name, forward, { atol: 1e-6 });
    });
  });
});

function row(x: tf.Tensor3D, text: number, position: number): tf.Tensor {
  return tf.reshape(tf.slice(x, [text, position, 0], [1, 1, -1]), [-1]);
}

/** Parameters from PyTorch's names, as `weight_ih_l1_reverse`. */
function layersOf(weights: Weights): ParamsOf<readonly RecurrentLayer[]> {
  const part = (name: string): ParamsOf<Linear> => ({
    weight: tf.transpose(weights[`weight_${name}`] as tf.Tensor2D),
    bias: weights[`bias_${name}`] as tf.Tensor1D,
  });
  const cell = (end: string): ParamsOf<RecurrentCell> => ({ input: part(`ih_${end}`), hidden: part(`hh_${end}`) });
  return ['l0', 'l1']
    .filter((end) => weights[`weight_ih_${end}`])
    .map((end) => ({
      forward: cell(end),
      ...(weights[`weight_ih_${end}_reverse`] && { backward: cell(`${end}_reverse`) }),
    }));
}
