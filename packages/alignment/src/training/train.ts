import { expectMembers, turn } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from './arrays.ts';
import { clipGradients, globalNorm } from './clip-gradients.ts';
import { type LossGradients, lossGradients } from './gradients.ts';
import type { Optimizer } from './optimizer.ts';
import type { Schedule } from './schedule.ts';

/** What one step did. */
export interface TrainingRecord {
  /** From 0. */
  readonly step: number;
  /** Before the step. */
  readonly loss: number;
  /** Length of all gradients, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Longest allowed gradient; default none is clipped. */
  readonly clipNorm?: number;
}

/** One step of training. `gradients` are of `optimizer.variables`, as by `lossGradients` or `cachedGradients`. */
export function trainStep(
  optimizer: Optimizer,
  gradients: (variables: Named<tf.Variable>) => LossGradients,
  options: StepOptions,
): Pick<TrainingRecord, 'loss' | 'gradientNorm'> {
  const { learningRate, clipNorm = Infinity } = expectMembers(options, 'trainStep: options', 'learningRate');
  return tf.tidy(() => {
    const found = gradients(optimizer.variables);
    const norm = globalNorm(found.gradients);
    const kept = Number.isFinite(clipNorm) ? clipGradients(found.gradients, norm, clipNorm) : found.gradients;
    optimizer.step(kept, learningRate);
    return { loss: found.loss.dataSync()[0]!, gradientNorm: norm.dataSync()[0]! };
  });
}

/** Where the gradients of a batch come from. Synchronous; tensors are freed. */
export type BatchGradients<Batch> =
  | { readonly loss: (batch: Batch, step: number) => tf.Scalar; readonly gradients?: undefined }
  | {
      readonly loss?: undefined;
      /** For a loss that is not differentiated as it stands, such as by `cachedGradients`. */
      readonly gradients: (variables: Named<tf.Variable>, batch: Batch, step: number) => LossGradients;
    };

export interface TrainLoop<Batch> {
  readonly optimizer: Optimizer;
  /** One step each; stops after the last. */
  readonly batches: Iterable<Batch> | AsyncIterable<Batch>;
  /** By step. */
  readonly schedule: Schedule;
  readonly clipNorm?: number;
  /** Called after each step, to clamp a temperature or to average weights. */
  readonly afterStep?: (record: TrainingRecord) => void;
  /** First step; more than 0 when a run continues. */
  readonly firstStep?: number;
  readonly signal?: AbortSignal;
}

export type TrainOptions<Batch> = TrainLoop<Batch> & BatchGradients<Batch>;

/** The training loop: one record for each batch. Break out of it to stop early. */
export async function* train<Batch>(options: TrainOptions<Batch>): AsyncGenerator<TrainingRecord, void, void> {
  expectMembers(options, 'train: options', 'optimizer', 'batches', 'schedule');
  const { optimizer, batches, schedule, clipNorm, afterStep, firstStep = 0, signal } = options;
  let step = firstStep;
  for await (const batch of batches) {
    await turn(signal);
    const learningRate = schedule(step);
    const gradients = (variables: Named<tf.Variable>) =>
      options.gradients
        ? options.gradients(variables, batch, step)
        : lossGradients(variables, () => options.loss(batch, step));
    const done = trainStep(optimizer, gradients, { learningRate, ...(clipNorm !== undefined && { clipNorm }) });
    const record = { step, learningRate, ...done };
    afterStep?.(record);
    yield record;
    step += 1;
  }
}
