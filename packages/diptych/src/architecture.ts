import type { ModelFiles } from '@diptych/checkpoint';
import type { Encoder, ImageBatch, Preprocessor, TextBatch } from '@diptych/core';
import type { Image } from '@diptych/preprocessing';

/** What a space can embed. */
export type Modality = 'text' | 'image';

/** One modality's way into the space: raw items to a batch, a batch to rows. */
export interface Tower<Raw, Batch> {
  readonly encoder: Encoder<Batch>;
  readonly preprocess: Preprocessor<Raw, Batch>;
}

/** What an architecture makes of a model's files. Disposing of it frees every variable. */
export interface SpaceParts extends Disposable {
  readonly text?: Tower<string, TextBatch>;
  readonly image?: Tower<Image, ImageBatch>;
  /** What cosines are multiplied by before softmax or sigmoid; the exponential of the stored logarithm. Default 1. */
  readonly logitScale?: number;
  /** Present on models trained with the sigmoid loss, whose scores are independent probabilities. */
  readonly logitBias?: number;
}

export interface ArchitectureOptions {
  readonly signal?: AbortSignal;
  /** Arrays loaded and their total. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/** A family of models, as a value: passed to `open`, never registered. */
export interface Architecture {
  /** What errors and `EmbeddingSpace.architecture` call it. */
  readonly name: string;
  /** The model in these files, or `undefined` where they are not of this family. */
  open(files: ModelFiles, options: ArchitectureOptions): Promise<SpaceParts | undefined>;
}
