import { encodeSafetensors, openSafetensors, type SafetensorsFile } from '@diptych/checkpoint';
import { blobFiles } from '@diptych/files';
import { initializeModel, l2Normalize, linear, linearSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  adamW,
  clampVariable,
  type FitLoop,
  type FitOptions,
  fit,
  infoNceObjective,
  infoNceSpec,
  movingAverage,
  optimizer,
  type TrainingState,
  warmupCosine,
} from '../../src/index.ts';

/** Two heads and a temperature that learn to align two halves of random rows, by 4 epochs of 5 batches. */
export function smallRun(more: Partial<FitLoop<number>> = {}, dim = 4) {
  const model = initializeModel({ image: linearSpec(6, dim), text: linearSpec(6, dim), objective: infoNceSpec() }, 1);
  const optimiser = optimizer(model.variables, adamW());
  const average = movingAverage(model.variables, { decay: 0.9, ramp: true });
  const { image, text, objective } = model.params;
  const lossOf = (seed: number) => {
    const rows = tf.randomNormal<tf.Rank.R2>([16, 12], 0, 1, 'float32', seed + 1);
    const [a, b] = [tf.slice2d(rows, [0, 0], [-1, 6]), tf.slice2d(rows, [0, 3], [-1, 6])];
    return infoNceObjective(objective).loss({ a: l2Normalize(linear(image, a)), b: l2Normalize(linear(text, b)) });
  };
  const options: FitOptions<number> = {
    variables: model.variables,
    optimizer: optimiser,
    average,
    epochs: 4,
    batches: (epoch) => Array.from({ length: 5 }, (_, i) => 10 * epoch + i),
    loss: lossOf,
    schedule: warmupCosine(0.05, 3, 20),
    clipNorm: 1,
    afterStep: () => clampVariable(model.variables.get('objective.logScale')!, 0, Math.log(100)),
    // Best at the third epoch, whatever the values.
    validate: (epoch) => ({ rsum: 10 - (epoch - 2) ** 2, loss: tf.tidy(() => lossOf(99).dataSync()[0]!) }),
    ...more,
  };
  const dispose = () => {
    for (const one of [model, optimiser, average]) one[Symbol.dispose]();
  };
  return { model, options, records: fit(options), dispose };
}

export function bytesOf({ tensors, metadata }: TrainingState): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(tensors, metadata);
}

export async function opened(bytes: Uint8Array<ArrayBuffer>): Promise<SafetensorsFile> {
  return openSafetensors((await blobFiles({ state: new Blob([bytes]) }, 'memory').open('state'))!);
}
