import { adamW, type EpochRecord, fit, movingAverage, optimizer, warmupCosine } from '@diptych/alignment';
import { captionMetrics, type CaptionRanks } from '@diptych/evaluation';
import { initializeModel } from '@diptych/nn';
import { firstWord, learnWords } from './captions.ts';
import { embedPart } from './embed-part.ts';
import { methodSpec } from './methods.ts';
import type { Part, Parts } from './part.ts';
import { beginFrom, type Start } from './start.ts';
import { ranksOf } from './ranks.ts';
import { embedCaptions, embedImages, towersSpec } from './towers.ts';
import { trainingInput } from './training-input.ts';
import type { Variant } from './variants.ts';

export interface TrainingResult {
  readonly epochs: readonly EpochRecord[];
  /** On the test part, after the epoch with the best validation rsum. */
  readonly ranks: CaptionRanks;
}

export interface TrainingRunOptions {
  readonly variant: Pick<Variant, 'loss' | 'recipe'>;
  readonly seed: number;
  /** Default: random numbers, as for all that it does not name. */
  readonly start?: Start;
  readonly onEpoch?: (epoch: EpochRecord) => void;
}

const warmUpSteps = 100;
/** VSE++'s. */
const clipNorm = 2;

/** Trains two towers in one way from one seed, judges them after each epoch, and the best once on the test part. */
export async function trainingRun(
  { train, val, test }: Parts,
  { variant, seed, start, onEpoch }: TrainingRunOptions,
): Promise<TrainingResult> {
  const words = learnWords(train);
  const { recipe: how, loss } = variant;
  const { dim } = how;
  const config = { words: firstWord + words.words.length, features: train.images.shape[1], dim };
  using model = initializeModel({ towers: towersSpec(config), method: methodSpec(dim) }, seed);
  if (start) beginFrom(model.params.towers, start);
  using steps = optimizer(model.variables, adamW({ weightDecay: how.weightDecay }));
  using average = movingAverage(model.variables, { decay: how.averageDecay, ramp: true });
  const towers = { config, params: model.params.towers };
  const judge = (part: Part) => ranksOf(embedPart(part, words, towers), part);
  const input = trainingInput(train, words, { ...how, seed });
  const total = how.epochs * input.batches(0).length;
  const epochs: EpochRecord[] = [];
  const run = fit({
    variables: model.variables,
    optimizer: steps,
    average,
    epochs: how.epochs,
    batches: input.batches,
    schedule: warmupCosine(how.learningRate, warmUpSteps, total),
    clipNorm,
    loss: (rows, step) => {
      const read = input.read(rows, step);
      const images = embedImages(config, model.params.towers, read.features);
      const captions = embedCaptions(config, model.params.towers, read.captions);
      return loss({ images, captions }, model.params.method, step / total);
    },
    validate: () => captionMetrics(judge(val)),
  });
  for await (const epoch of run) {
    epochs.push(epoch);
    onEpoch?.(epoch);
  }
  return { epochs, ranks: judge(test) };
}
