import { checkSignal, EmbeddingError, expectMembers } from '@diptych/core';
import { assignAll, valuesOf } from './arrays.ts';
import { type EpochRecord, type Progress, start } from './progress.ts';
import { type BatchGradients, train, type TrainingRecord, type TrainLoop } from './train.ts';
import {
  type Moved,
  type Position,
  restoreState,
  type SavedTraining,
  stateOf,
  type TrainingState,
} from './training-state.ts';
import { type Inspection, watch } from './warnings.ts';

export type { EpochRecord } from './progress.ts';

export type FitOptions<Batch> = FitLoop<Batch> & BatchGradients<Batch>;

export interface FitLoop<Batch> extends Moved, Omit<TrainLoop<Batch>, 'batches' | 'firstStep' | 'optimizer'> {
  /** In all, those before an interruption included. */
  readonly epochs: number;
  /** Of one epoch, from 0: the same ones, in the same order, whenever it is asked. */
  readonly batches: (epoch: number) => Iterable<Batch> | AsyncIterable<Batch>;
  /** How good the model is after an epoch; with an `average`, how good that is. */
  readonly validate?: (epoch: number) => Record<string, number> | Promise<Record<string, number>>;
  /** The metric that early stopping and the choice of the best epoch go by, higher is better. Default `rsum`. */
  readonly monitor?: string;
  /** Stops after so many epochs without a better score. Default: never. */
  readonly patience?: number;
  readonly onStep?: (record: TrainingRecord) => void;
  /**
   * Rows of a batch and what its loss would be if they were equal, by which a run that collapses is found: its epochs
   * carry `warnings` then. Synchronous; called after an epoch with its last batch, and its tensors are freed.
   */
  readonly inspect?: (batch: Batch, step: number) => Inspection;
  /** Keeps a state; called after each epoch, and every `saveEvery` steps. */
  readonly save?: (state: TrainingState) => Promise<void>;
  readonly saveEvery?: number;
  /** Continues this run, bit for bit, if the other options are the same; `epochs`, `patience` and `save` may differ. */
  readonly from?: SavedTraining;
}

/**
 * Epochs of `train`, each validated, saved and then told. Break out of it to stop. When it ends by itself the variables
 * hold the values, or averages, of the best epoch.
 *
 * Whatever is random in `loss` or `batches` must come from a seed with the step or the epoch: that is what makes a run
 * that was killed end with the same bits.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the loss is not finite, with the step: the last saved state is from before;
 *   or when `validate` gives no `monitor`. `CHECKPOINT_INVALID` and `CHECKPOINT_MISMATCH` for `from`.
 */
export async function* fit<Batch>(options: FitOptions<Batch>): AsyncGenerator<EpochRecord, void, void> {
  expectMembers(options, 'fit: options', 'epochs', 'batches', 'variables', 'optimizer', 'schedule');
  const { epochs, patience = Infinity, save, saveEvery = Infinity, average, from, signal } = options;
  let at: Position = from ? await restoreState(options, from, signal) : { progress: start };
  while (at.progress.epoch < epochs && sinceBest(at.progress) < patience) {
    const { epoch, batch, step } = at.progress;
    let last: Batch | undefined;
    const batches = skip(options.batches(epoch), batch, (one) => (last = one));
    for await (const record of train({ ...options, batches, firstStep: step })) {
      at = { ...at, progress: afterStep(at.progress, record) };
      average?.update();
      options.onStep?.(record);
      if (at.progress.step % saveEvery === 0) await save?.(stateOf(options, at));
    }
    checkSignal(signal);
    at = await afterEpoch(options, at, watched(options, at.progress, last));
    await save?.(stateOf(options, at));
    yield at.progress.history.at(-1)!;
  }
  if (at.best) assignAll(options.variables, at.best, 'best');
}

/** Epochs since the best one. */
function sinceBest({ epoch, best }: Progress): number {
  return best ? epoch - 1 - best.epoch : 0;
}

/** The items behind the first ones; `seen` is told of all. */
async function* skip<T>(
  items: Iterable<T> | AsyncIterable<T>,
  count: number,
  seen: (item: T) => void,
): AsyncGenerator<T> {
  let place = 0;
  for await (const item of items) {
    seen(item);
    if (place++ >= count) yield item;
  }
}

function watched<Batch>(
  { inspect }: FitLoop<Batch>,
  { step, last, signs = {} }: Progress,
  batch: Batch | undefined,
): ReturnType<typeof watch> {
  if (!last || batch === undefined) return { signs, warnings: [] };
  return watch(signs, last, inspect && (() => inspect(batch, step - 1)));
}

function afterStep(progress: Progress, { step, loss, learningRate, gradientNorm }: TrainingRecord): Progress {
  if (!Number.isFinite(loss)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'training',
      expected: 'a finite loss',
      got: `${loss} at step ${step}`,
    });
  }
  const lossSum = progress.lossSum + loss;
  return {
    ...progress,
    step: step + 1,
    batch: progress.batch + 1,
    lossSum,
    learningRate,
    last: { loss, gradientNorm },
  };
}

async function afterEpoch<Batch>(
  options: FitLoop<Batch>,
  { progress, best }: Position,
  { signs, warnings }: ReturnType<typeof watch>,
): Promise<Position> {
  const { epoch, batch, step: steps, lossSum, learningRate } = progress;
  if (batch === 0)
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'training',
      expected: `batches in epoch ${epoch}`,
      got: 'none',
    });
  const { metrics, values } = await validated(options, progress);
  const found = { epoch, steps, loss: lossSum / batch, learningRate, metrics };
  const record: EpochRecord = warnings.length > 0 ? { ...found, warnings } : found;
  const next = { ...progress, epoch: epoch + 1, batch: 0, lossSum: 0, signs, history: [...progress.history, record] };
  if (!values) return { progress: next, ...(best && { best }) };
  return { progress: { ...next, best: { epoch, score: scoreOf(options, metrics) } }, best: values };
}

/** Metrics of the model, or of its average, and its values where they are the best so far. */
async function validated<Batch>(
  options: FitLoop<Batch>,
  { epoch, best }: Progress,
): Promise<{ metrics: Record<string, number>; values?: Position['best'] }> {
  const { validate, average, variables } = options;
  if (!validate) return { metrics: {} };
  average?.swap();
  try {
    const metrics = await validate(epoch);
    return scoreOf(options, metrics) > (best?.score ?? -Infinity)
      ? { metrics, values: valuesOf(variables) }
      : { metrics };
  } finally {
    average?.swap();
  }
}

function scoreOf<Batch>({ monitor = 'rsum' }: FitLoop<Batch>, metrics: Readonly<Record<string, number>>): number {
  const score = metrics[monitor];
  if (score !== undefined && !Number.isNaN(score)) return score;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'training',
    expected: `the metric '${monitor}'`,
    got: Object.keys(metrics),
  });
}
