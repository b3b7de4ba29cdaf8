import { EmbeddingError, expectMembers } from '@diptych/core';
import {
  type EpochRecord,
  fit,
  type FitLoop,
  historyOf,
  movingAverage,
  optimizer,
  type TrainingWarning,
} from '@diptych/alignment';
import { prefetch } from '@diptych/datasets';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { seedOf } from './augment/augmented.ts';
import { type CaptionSplit, labelsOf } from './caption-split.ts';
import type { DualBatch, DualPart, DualTraining } from './dual-batch.ts';
import { epochBatches } from './epoch-batches.ts';
import { clampScale } from './losses/loss-plan.ts';
import type { Recipe } from './recipe.ts';
import { stepsOf } from './steps.ts';
import { validate } from './validate.ts';

export interface TrainEpochsOptions extends Pick<FitLoop<readonly DualBatch[]>, 'save' | 'from' | 'signal'> {
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
  const { variables } = expectMembers(training, 'trainEpochs: training', 'variables');
  const { recipe, train, validation, save, from, signal, onStep } = expectMembers(
    options,
    'trainEpochs: options',
    'recipe',
    'train',
  );
  await enableAutodiff();
  if (recipe.chunk !== undefined) refuseStatistics(variables);
  using rule = optimizer(variables, recipe.rule);
  const { average: decay } = recipe;
  using average = decay === undefined ? undefined : movingAverage(variables, { decay, ramp: true });
  const steps = stepsOf(train, recipe);
  onStep?.(0, steps.total);
  const run = fit<readonly DualBatch[]>({
    ...recipe,
    save,
    from,
    variables,
    optimizer: rule,
    average,
    batches: (epoch) => batchesOf(training, train, { ...recipe, size: steps.size, epoch, signal }),
    loss: undefined,
    gradients: (_, group, step) => training.gradients(group, step / steps.total),
    inspect: ([batch], step) => training.inspect(batch!, step / steps.total),
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

/** @throws {EmbeddingError} `CONFIG_INVALID`: a part has other statistics than the batch. */
function refuseStatistics(variables: DualTraining['variables']): void {
  const statistic = [...variables].find(([, { trainable }]) => !trainable)?.[0];
  if (statistic === undefined) return;
  const expected = 'none for towers with batch normalisation';
  throw new EmbeddingError('CONFIG_INVALID', { where: 'chunk', expected, got: statistic });
}

interface BatchesOptions extends Pick<Recipe, 'seed' | 'chunk' | 'accumulate' | 'distinctTexts'> {
  readonly size: number;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
}

/** The batches of each step. */
function batchesOf(
  { images, texts }: DualTraining,
  split: CaptionSplit,
  { size, seed, epoch, chunk = size, accumulate = 1, distinctTexts, signal }: BatchesOptions,
): AsyncIterable<readonly DualBatch[]> {
  const { samples, captions, imageOf } = split;
  const loadPart = async (rows: readonly number[], seeds: readonly number[]): Promise<DualPart> => ({
    images: await images.load(
      rows.map((row) => samples[imageOf[row]!]!),
      signal,
      seeds,
    ),
    texts: await texts.load(
      rows.map((row) => captions[row]!),
      signal,
    ),
  });
  const load = async (group: readonly NumberedBatch[]): Promise<readonly DualBatch[]> => {
    const batches: DualBatch[] = [];
    for (const { rows, number } of group) {
      const seeds = Array.from(rows, (_, at) => seedOf(seed, epoch, number, at));
      const parts: DualPart[] = [];
      for (let at = 0; at < rows.length; at += chunk) {
        parts.push(await loadPart([...rows.subarray(at, at + chunk)], seeds.slice(at, at + chunk)));
      }
      batches.push({ parts, labels: labelsOf(split, rows) });
    }
    return batches;
  };
  const groups = inGroups(numbered(epochBatches(split, { size, seed, epoch, distinctTexts })), accumulate);
  return prefetch(groups, load, { ahead: 2, signal });
}

interface NumberedBatch {
  readonly rows: Uint32Array;
  /** In its epoch. */
  readonly number: number;
}

function* numbered(batches: Iterable<Uint32Array>): Generator<NumberedBatch> {
  let number = 0;
  for (const rows of batches) yield { rows, number: number++ };
}

/** Full ones alone. */
function* inGroups<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
}
