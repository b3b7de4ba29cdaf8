import { seededRandom } from '@diptych/core';
import { causalMask, initializeModel, transformer, transformerSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { textConfig } from './clip-b32.ts';
import { type Gradients, gradientValues, largestDifference } from './gradients.ts';
import { type Clock, interleave, median, ratio } from './interleave.ts';
import { kernelSets } from './kernel-sets.ts';

// 4 texts of 80 tokens, through one block of CLIP's text tower.
const [n, length] = [4, 80];
const { width } = textConfig;
const config = { ...textConfig, layers: 1 };

export interface TrainingResult {
  /** Of each round, in milliseconds: ours and with TensorFlow.js's own kernels. */
  readonly times: readonly [ours: readonly number[], stock: readonly number[]];
  readonly speed: ReturnType<typeof ratio>;
  /** Largest difference between two gradients. */
  readonly difference: number;
}

/** One step, forward and backward, with our kernels and without, interleaved, on one thread. */
export async function measureTraining(clock: Clock, rounds = 7): Promise<TrainingResult> {
  const { ours, stock } = await kernelSets();
  await enableAutodiff();
  const gradients = block();
  // The wasm backend has computed everything when a step returns.
  const steps = [ours, stock].map((use) => () => {
    use();
    return gradients();
  });
  const [a, b] = steps.map((step) => gradientValues(step()));
  const timed = steps.map((step) => () => tf.dispose({ ...step() }));
  const [fast, slow] = await interleave(timed, rounds, clock);
  return { times: [fast!, slow!], speed: ratio(fast!, slow!), difference: largestDifference(a!, b!) };
}

/** A result as a line of text. */
export function trainingLine({ times: [ours, stock], speed, difference }: TrainingResult): string {
  return (
    `training step: ${median(ours).toFixed(0)} ms, stock ${median(stock).toFixed(0)} ms, ` +
    `${speed.median.toFixed(1)}x (${speed.low.toFixed(1)} to ${speed.high.toFixed(1)}), gradients differ by ${difference}`
  );
}

/** Gives the gradients of the mean squared error. */
function block(): () => Gradients {
  const model = initializeModel({ blocks: transformerSpec(config) }, 1);
  const random = seededRandom(2);
  const x = tf.tensor3d(
    Float32Array.from({ length: n * length * width }, () => 2 * random() - 1),
    [n, length, width],
  );
  const target = tf.mul(x, 0.5);
  const loss = () => {
    const y = transformer(config, model.params.blocks, x, { mask: causalMask(length) });
    return tf.mean<tf.Scalar>(tf.square(tf.sub(y, target)));
  };
  return () => tf.variableGrads(loss, [...model.variables.values()]);
}
