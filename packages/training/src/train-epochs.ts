import { expectMembers } from '@diptych/core';
import {
  type EpochRecord,
  fit,
  type FitLoop,
  historyOf,
  movingAverage,
  optimizer,
  type TrainingWarning,
} from '@diptych/alignment';
import { groupBatches, prefetch } from '@diptych/datasets';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { type CaptionSplit, labelsOf } from './caption-split.ts';
import type { DualBatch, DualTraining } from './dual-training.ts';
import { clampScale } from './losses/loss-plan.ts';
import type { Recipe } from './recipe.ts';
import { stepsOf } from './steps.ts';
import { validate } from './validate.ts';

export interface TrainEpochsOptions extends Pick<FitLoop<DualBatch>, 'save' | 'from' | 'signal'> {
  readonly recipe: Recipe;
  /** Captions to learn from. */
  readonly train: CaptionSplit;
  /** What the best epoch is chosen by. Default none: the last one counts. */
  readonly validation?: CaptionSplit | undefined;
  /** Steps that are done, and all of the run. */
  readonly onStep?: (done: number, total: number) => void;
}

/** What an epoch did. */
export interface TrainedEpoch extends EpochRecord {
  /** What it suffers from and the one before it did not. */
  readonly newWarnings: readonly TrainingWarning[];
}

/**
 * Trains epoch by epoch as a recipe says. When it ends the variables hold the best epoch's values, or without validation the
 * last ones or their averages.
 *
 * No batch has two captions of one image. A run continued `from` a saved state ends with the same bits.
 *
 * @throws {EmbeddingError} As `fit` of `@diptych/alignment` does; `CONFIG_INVALID` for a warm-up longer than the run.
 */
export async function* trainEpochs(
  training: DualTraining,
  options: TrainEpochsOptions,
): AsyncGenerator<TrainedEpoch, void, void> {
  expectMembers(training, 'trainEpochs: training', 'model');
  const { recipe, train, validation, save, from, signal, onStep } = expectMembers(
    options,
    'trainEpochs: options',
    'recipe',
    'train',
  );
  await enableAutodiff();
  const { variables } = training.model;
  using rule = optimizer(variables, recipe.rule);
  const { average: decay } = recipe;
  using average = decay === undefined ? undefined : movingAverage(variables, { decay, ramp: true });
  const steps = stepsOf(train, recipe);
  onStep?.(0, steps.total);
  const run = fit<DualBatch>({
    ...recipe,
    save,
    from,
    variables,
    optimizer: rule,
    average,
    batches: (epoch) => batchesOf(training, train, { size: steps.size, epoch, seed: recipe.seed, signal }),
    loss: (batch, step) => training.loss(batch, step / steps.total),
    inspect: (batch, step) => training.inspect(batch, step / steps.total),
    schedule: recipe.schedule(steps),
    afterStep: () => clampScale(recipe.loss, variables),
    validate: validation && (async () => validate(training, validation, signal)),
    onStep: ({ step }) => onStep?.(step + 1, steps.total),
    signal,
  });
  let before = from && historyOf(from).at(-1);
  for await (const record of run) {
    yield { ...record, newWarnings: newWarnings(record, before) };
    before = record;
  }
  if (!validation) average?.swap();
}

function newWarnings({ warnings = [] }: EpochRecord, before?: EpochRecord): readonly TrainingWarning[] {
  const known = new Set(before?.warnings?.map(({ problem }) => problem));
  return warnings.filter(({ problem }) => !known.has(problem));
}

interface BatchesOptions {
  readonly size: number;
  readonly seed: number;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
}

function batchesOf(
  { images, tokenize }: DualTraining,
  split: CaptionSplit,
  { signal, ...order }: BatchesOptions,
): AsyncIterable<DualBatch> {
  const { samples, captions, imageOf } = split;
  const load = async (rows: Uint32Array): Promise<DualBatch> => ({
    images: await images.load(
      Array.from(rows, (row) => samples[imageOf[row]!]!),
      signal,
    ),
    texts: await tokenize.inTurns(
      Array.from(rows, (row) => captions[row]!),
      signal,
    ),
    labels: labelsOf(split, rows),
  });
  return prefetch(groupBatches(imageOf, { ...order, dropLast: true }), load, { ahead: 2, signal });
}
