import { adamW, type EpochRecord, fit, movingAverage, optimizer, warmupCosine } from '@diptych/alignment';
import { captionMetrics, type CaptionRanks, type Metrics } from '@diptych/evaluation';
import { initializeModel } from '@diptych/nn';
import { firstWord, learnWords } from './captions.ts';
import { embedPart } from './embed-part.ts';
import { type Method, methodSpec } from './methods.ts';
import type { Part, Parts } from './part.ts';
import type { Recipe } from './recipe.ts';
import { ranksOf } from './ranks.ts';
import { embedCaptions, embedImages, towersSpec } from './towers.ts';
import { trainingInput } from './training-input.ts';

export interface TrainingResult {
  /** On the validation part, before the first step. */
  readonly before: Metrics;
  readonly epochs: readonly EpochRecord[];
  /** Of each step. */
  readonly losses: readonly number[];
  /** On the test part, after the epoch with the best validation rsum. */
  readonly ranks: CaptionRanks;
}

export interface TrainingRunOptions {
  readonly method: Method;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly onEpoch?: (epoch: EpochRecord) => void;
}

const warmUpSteps = 100;
/** VSE++'s. */
const clipNorm = 2;

/** Trains two towers in one way from one seed, judges them after each epoch, and the best once on the test part. */
export async function trainingRun(
  { train, val, test }: Parts,
  { method, recipe, seed, onEpoch }: TrainingRunOptions,
): Promise<TrainingResult> {
  const words = learnWords(train);
  const { dim, epochs: count, weightDecay, squareDecay } = recipe;
  const config = { words: firstWord + words.words.length, features: train.images.shape[1], dim };
  using model = initializeModel({ towers: towersSpec(config), method: methodSpec(dim) }, seed);
  using steps = optimizer(model.variables, adamW({ weightDecay, betas: [0.9, squareDecay] }));
  using average = movingAverage(model.variables, { decay: recipe.averageDecay, ramp: true });
  const towers = { config, params: model.params.towers };
  const judge = async (part: Part) => ranksOf(embedPart(part, words, towers), part);
  const input = trainingInput(train, words, { ...recipe, seed });
  const total = count * input.batches(0).length;
  const before = captionMetrics(await judge(val));
  const epochs: EpochRecord[] = [];
  const losses: number[] = [];
  const run = fit({
    variables: model.variables,
    optimizer: steps,
    average,
    epochs: count,
    batches: input.batches,
    schedule: warmupCosine(recipe.learningRate, warmUpSteps, total),
    clipNorm,
    loss: (rows, step) => {
      const read = input.read(rows, step);
      const images = embedImages(config, model.params.towers, read.features);
      const captions = embedCaptions(config, model.params.towers, read.captions);
      return method({ images, captions }, model.params.method, step / total);
    },
    onStep: ({ loss }) => losses.push(loss),
    validate: async () => captionMetrics(await judge(val)),
  });
  for await (const epoch of run) {
    epochs.push(epoch);
    onEpoch?.(epoch);
  }
  return { before, epochs, losses, ranks: await judge(test) };
}
