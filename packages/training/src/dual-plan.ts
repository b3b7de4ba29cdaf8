import type { Encoder, FeatureBatch, ImageBatch, Preprocessor, Similarity, TextBatch } from '@diptych/core';
import type { BatchNormalize, Model, Spec } from '@diptych/nn';
import type { Image, Tokenizer, WordVocabulary } from '@diptych/preprocessing';

/** A tower before its weights are there. */
export interface TowerPlan<Batch, Options = void> {
  readonly spec: Spec;
  /** @param path Where the tower's spec stands in the model's. */
  make(model: Pick<Model<Spec>, 'part'>, path: string, options: Options): Encoder<Batch>;
}

/** A tower over the words of a vocabulary. */
export interface WordTowerPlan extends TowerPlan<TextBatch> {
  tokenizer(vocabulary: WordVocabulary): Promise<Tokenizer>;
}

/** A tower over pixels, which is told how to normalise while it is trained. */
export interface PixelTowerPlan extends TowerPlan<ImageBatch, { readonly normalize?: BatchNormalize } | void> {
  readonly reads: 'pixels';
  readonly preprocess: Preprocessor<Image, ImageBatch>;
}

/** A head over features that a frozen network gave. */
export interface FeatureTowerPlan extends TowerPlan<FeatureBatch> {
  readonly reads: 'features';
}

/** Two towers that are to be trained together; `dualEncoderPlan` of `diptych` makes one of a configuration. */
export interface DualPlan {
  /** Length of an embedding. */
  readonly dim: number;
  /** How rows are compared. */
  readonly similarity: Similarity;
  readonly text: WordTowerPlan;
  readonly image: PixelTowerPlan | FeatureTowerPlan;
}
