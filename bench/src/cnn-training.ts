import { seededRandom } from '@diptych/core';
import { smallCnn, smallCnnSpec } from '@diptych/image-encoder';
import { useBackend } from '@diptych/backend-wasm';
import { initializeModel, trainingBatchNorm } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { images } from './conv-nets.ts';
import { type Gradients, gradientValues, largestDifference } from './gradients.ts';
import { type Clock, interleave, ratio } from './interleave.ts';

const n = 4;
const config = { widths: [32, 64, 128, 256], dim: 64 };

export interface CnnTrainingResult {
  /** Of each round, in milliseconds: on wasm with our kernels, and on TensorFlow.js's cpu. */
  readonly times: readonly [ours: readonly number[], cpu: readonly number[]];
  readonly speed: ReturnType<typeof ratio>;
  /** Largest difference between two gradients. */
  readonly difference: number;
}

/**
 * One step of `smallCnn`, forward and backward, of 4 images of 64 pixels. Against TensorFlow.js's cpu backend: its wasm
 * backend has no gradients of filters.
 */
export async function measureCnnTraining(clock: Clock, rounds = 3): Promise<CnnTrainingResult> {
  await enableAutodiff();
  const steps: (() => Promise<Gradients>)[] = [];
  for (const backend of ['wasm', 'cpu']) {
    await useBackend(backend, { threads: 1 });
    const gradients = network();
    steps.push(async () => {
      await useBackend(backend);
      return gradients();
    });
  }
  const [a, b] = [gradientValues(await steps[0]!()), gradientValues(await steps[1]!())];
  const timed = steps.map((step) => async () => tf.dispose({ ...(await step()) }));
  const [ours, cpu] = await interleave(timed, rounds, clock);
  return { times: [ours!, cpu!], speed: ratio(ours!, cpu!), difference: largestDifference(a, b) };
}

/** Gives the gradients of the mean squared error, by the paths of the variables. */
function network(): () => Gradients {
  const { params, variables } = initializeModel(smallCnnSpec(config), 1);
  const encoder = smallCnn(config, params, { normalize: trainingBatchNorm() });
  const random = seededRandom(4);
  const target = tf.tensor2d(
    Float32Array.from({ length: n * config.dim }, () => 2 * random() - 1),
    [n, config.dim],
  );
  const batch = images(n, 64);
  const loss = () => tf.mean<tf.Scalar>(tf.square(tf.sub(encoder.forward(batch), target)));
  const trained = [...variables].filter(([, variable]) => variable.trainable);
  return () => {
    const { value, grads } = tf.variableGrads(
      loss,
      trained.map(([, variable]) => variable),
    );
    return { value, grads: Object.fromEntries(trained.map(([path, { name }]) => [path, grads[name]!])) };
  };
}
