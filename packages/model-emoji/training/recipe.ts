import { type Schedule, warmupCosine } from '@diptych/alignment';
import { config } from '../src/weights/config.ts';

/**
 * The training. Texts alone come first: a step of them takes a third of the time. Then pictures are small for half of the
 * epochs: the network takes any size, and a step of 32 pixels takes half the time of one of 48.
 */
export const recipe = {
  seed: 1,
  /** Batches of an epoch. */
  steps: 50,
  /** Epochs of texts alone, then of pictures of `smallSize` pixels, then of the model's size. */
  textEpochs: 16,
  smallEpochs: 40,
  fullEpochs: 44,
  smallSize: 32,
  /** Texts of a batch without images. */
  texts: 384,
  /** Images of a batch, each with a text. */
  images: 96,
  /** Texts of a batch beside those of its images. */
  moreTexts: 128,
  weightDecay: 0.05,
  clipNorm: 10,
} as const;

export const total: number = recipe.textEpochs + recipe.smallEpochs + recipe.fullEpochs;

/** Side of an epoch's pictures; none while texts are trained alone. */
export function sizeAt(epoch: number): number | undefined {
  if (epoch < recipe.textEpochs) return undefined;
  return epoch < recipe.textEpochs + recipe.smallEpochs ? recipe.smallSize : config.image.size;
}

/** Learning rate by step: constant for texts alone, then half a cosine. */
export function schedule(): Schedule {
  const alone = recipe.textEpochs * recipe.steps;
  const text = warmupCosine(4e-3, 30, Infinity);
  const both = warmupCosine(2.5e-3, 50, (recipe.smallEpochs + recipe.fullEpochs) * recipe.steps);
  return (step) => (step < alone ? text(step) : both(step - alone));
}

/** Weight decay moves the filters and layers of both towers, not the table of features nor the anchors. */
export function decays(name: string, shape: readonly number[]): boolean {
  return shape.length >= 2 && name !== 'text.features' && name !== 'anchors';
}
