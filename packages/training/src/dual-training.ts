import type { Inspection, Labels } from '@diptych/alignment';
import { EmbeddingError, type Encoder, expectMembers, type Similarity, type TextBatch } from '@diptych/core';
import { initializeModel, type Model, type Spec } from '@diptych/nn';
import type { Tokenizer, WordVocabulary } from '@diptych/preprocessing';
import type * as tf from '@tensorflow/tfjs-core';
import type { DualPlan } from './dual-plan.ts';
import { type Images, type ImageSide, imageSide } from './image-batches.ts';
import { collapsedLoss, lossOf, type LossPlan, lossSpec } from './losses/loss-plan.ts';
import type { NamedRows } from './named-rows.ts';

/** A batch as the towers read it. */
export interface DualBatch {
  readonly images: Images;
  readonly texts: TextBatch;
  /** Of each pair; those that belong together are equal. */
  readonly labels: Labels;
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
  /** Frees the variables, as `using` does; twice is once. */
  dispose(): void;
}

export interface DualTrainingOptions {
  readonly plan: DualPlan;
  /** Of the captions to learn from. */
  readonly vocabulary: WordVocabulary;
  readonly loss: LossPlan;
  /** Different labels of the images to learn from, for a loss that needs them. */
  readonly classes?: number | undefined;
  /** Of every image, for a tower that reads them. */
  readonly features?: NamedRows | undefined;
  readonly seed: number;
}

/**
 * Towers and a loss with the random values that a seed gives.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a loss that needs labels, without their number.
 */
export async function dualTraining(options: DualTrainingOptions): Promise<DualTraining> {
  expectMembers(options, 'dualTraining: options', 'plan', 'vocabulary', 'loss');
  const { plan, vocabulary, loss, classes, features, seed } = options;
  if (loss.needsLabels && classes === undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'dualTraining: classes',
      expected: 'a number, which the loss needs',
      got: 'none',
    });
  }
  const tokenize = await plan.text.tokenizer(vocabulary);
  const learned = lossSpec(loss, { dim: plan.dim, classes: classes ?? 1 });
  const spec = { text: plan.text.spec, image: plan.image.spec, ...learned };
  const model = initializeModel<Spec>(spec, seed);
  const images = imageSide(plan.image, model, features);
  const text = plan.text.make(model, 'text');
  const objective = lossOf(loss, model);
  const input = (how: 'training' | 'trained', { images: rows, texts, labels }: DualBatch, progress: number) =>
    ({ rows: [rows(how), text.forward(texts)], labels, progress }) as const;
  const dispose = () => model.dispose();
  return {
    model,
    tokenize,
    images,
    similarity: plan.similarity,
    text,
    loss: (batch, progress) => objective(input('training', batch, progress)),
    // With the statistics as they are: looking at a batch does not move them.
    inspect: (batch, progress) => {
      const seen = input('trained', batch, progress);
      return { rows: seen.rows, collapsedLoss: collapsedLoss(loss, model, seen) };
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
