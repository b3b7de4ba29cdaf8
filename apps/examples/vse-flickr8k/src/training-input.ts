import type { TextBatch } from '@diptych/core';
import { captionBatches } from './batches.ts';
import type { WordWeights } from '@diptych/preprocessing';
import { numbering, padded } from './captions.ts';
import { dropFeatures, dropWords, randomOfStep } from './dropout.ts';
import { pick, rootUnitRows } from './features.ts';
import { type Features, imageOfCaption, type Part } from './part.ts';
import type { Recipe } from './recipe.ts';

export interface TrainingInputOptions extends Pick<Recipe, 'batchSize' | 'dropFeatures' | 'dropWords'> {
  readonly seed: number;
}

export interface TrainingInput {
  /** Numbers of captions. */
  readonly batches: (epoch: number) => Uint32Array[];
  /** The captions of these numbers and their photos, with what this step leaves out. */
  readonly read: (rows: Uint32Array, step: number) => { readonly features: Features; readonly captions: TextBatch };
}

/** Batches of the training part; the same seed, epoch and step always give the same. */
export function trainingInput(train: Part, words: WordWeights, options: TrainingInputOptions): TrainingInput {
  const { seed, batchSize: size } = options;
  const images = rootUnitRows(train.images);
  const imageOf = imageOfCaption(train);
  const captions = train.captions.flat().map(numbering(words));
  const lengths = captions.map((ids) => ids.length);
  return {
    batches: (epoch) => captionBatches(imageOf, lengths, { size, seed, epoch }),
    read(rows, step) {
      const random = randomOfStep(seed, step);
      const features = pick(
        images,
        rows.map((row) => imageOf[row]!),
      );
      const batch = padded(Array.from(rows, (row) => captions[row]!));
      dropFeatures(features, options.dropFeatures, random);
      dropWords(batch, options.dropWords, random);
      return { features, captions: batch };
    },
  };
}
