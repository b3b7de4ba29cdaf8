import type { Inspection } from '@diptych/alignment';
import type { Encoder, Similarity, TextBatch } from '@diptych/core';
import { initializeModel, type Model, type Spec } from '@diptych/nn';
import type { Tokenizer, WordVocabulary } from '@diptych/preprocessing';
import type * as tf from '@tensorflow/tfjs-core';
import type { DualPlan } from './dual-plan.ts';
import { type Images, type ImageSide, imageSide } from './image-batches.ts';
import { collapsedLoss, lossOf, type LossPlan, lossSpec } from './losses/losses.ts';
import type { NamedRows } from './named-rows.ts';

/** A batch as the towers read it. */
export interface DualBatch {
  readonly images: Images;
  readonly texts: TextBatch;
}

/** Two towers and an objective with their variables. Whoever made them disposes of them. */
export interface DualTraining extends Disposable {
  readonly model: Model<Spec>;
  readonly tokenize: Tokenizer;
  readonly images: ImageSide;
  /** How rows are compared. */
  readonly similarity: Similarity;
  readonly text: Encoder<TextBatch>;
  readonly loss: (batch: DualBatch, progress: number) => tf.Scalar;
  readonly inspect: (batch: DualBatch, progress: number) => Inspection;
}

export interface DualTrainingOptions {
  readonly plan: DualPlan;
  /** Of the captions to learn from. */
  readonly vocabulary: WordVocabulary;
  readonly loss: LossPlan;
  /** Of every image, for a tower that reads them. */
  readonly features?: NamedRows | undefined;
  readonly seed: number;
}

/** Towers and a loss with the random values that a seed gives. */
export async function dualTraining(options: DualTrainingOptions): Promise<DualTraining> {
  const { plan, vocabulary, loss, features, seed } = options;
  const tokenize = await plan.text.tokenizer(vocabulary);
  const spec = { text: plan.text.spec, image: plan.image.spec, ...lossSpec(loss, plan.dim) };
  const model = initializeModel<Spec>(spec, seed);
  const images = imageSide(plan.image, model, features);
  const text = plan.text.make(model, 'text');
  const objective = lossOf(loss, model);
  const rowsOf = (how: 'training' | 'trained', batch: DualBatch) =>
    [batch.images(how), text.forward(batch.texts)] as const;
  return {
    model,
    tokenize,
    images,
    similarity: plan.similarity,
    text,
    loss: (batch, progress) => objective(...rowsOf('training', batch), progress),
    // With the statistics as they are: looking at a batch does not move them.
    inspect: (batch, progress) => {
      const rows = rowsOf('trained', batch);
      return { rows, collapsedLoss: collapsedLoss(loss, model, rows[0], progress) };
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
