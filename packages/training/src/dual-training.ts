import { EmbeddingError, expectMembers } from '@diptych/core';
import { initializeModel, type Spec } from '@diptych/nn';
import type { WordVocabulary } from '@diptych/preprocessing';
import type { Augmentation } from './augment/augmentation.ts';
import type { DualTraining } from './dual-batch.ts';
import type { DualPlan } from './dual-plan.ts';
import { imageSide } from './image-batches.ts';
import { type LossPlan, lossSpec } from './losses/loss-plan.ts';
import type { NamedRows } from './named-rows.ts';
import { objective } from './objective.ts';

export interface DualTrainingOptions {
  readonly plan: DualPlan;
  /** Of the captions to learn from. */
  readonly vocabulary: WordVocabulary;
  readonly loss: LossPlan;
  /** Different labels of the images to learn from, for a loss that needs them. */
  readonly classes?: number | undefined;
  /** Of every image, for a tower that reads them. */
  readonly features?: NamedRows | undefined;
  /** What happens to an image each time it is learnt from, at random. Default nothing. */
  readonly augment?: Augmentation | undefined;
  readonly seed: number;
}

/**
 * Towers and a loss with the random values that a seed gives.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a loss that needs labels, without their number.
 */
export async function dualTraining(options: DualTrainingOptions): Promise<DualTraining> {
  expectMembers(options, 'dualTraining: options', 'plan', 'vocabulary', 'loss');
  const { plan, vocabulary, loss, features, augment, seed } = options;
  const classes = classesOf(options);
  const tokenize = await plan.text.tokenizer(vocabulary);
  const spec = { text: plan.text.spec, image: plan.image.spec, ...lossSpec(loss, { dim: plan.dim, classes }) };
  const model = initializeModel<Spec>(spec, seed);
  const text = plan.text.make(model, 'text');
  const dispose = () => model.dispose();
  return {
    variables: model.variables,
    images: imageSide(plan.image, model, { features, augment }),
    texts: {
      load: async (captions, signal) => {
        const batch = await tokenize.inTurns(captions, signal);
        return () => text.forward(batch);
      },
    },
    similarity: plan.similarity,
    ...objective(loss, model, model.variables),
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a loss that needs labels, without their number. */
export function classesOf({ loss, classes }: Pick<DualTrainingOptions, 'loss' | 'classes'>): number {
  if (!loss.needsLabels || classes !== undefined) return classes ?? 1;
  const expected = 'a number, which the loss needs';
  throw new EmbeddingError('INPUT_INVALID', { where: 'training: classes', expected, got: 'none' });
}
