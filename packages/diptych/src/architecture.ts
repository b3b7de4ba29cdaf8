import type { Checkpoint, Similarity, StoredTensor } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { RunBlocks, VitConfig } from '@diptych/image-encoder';
import type { LoadOptions, Model, NameTable, Spec, WeightType } from '@diptych/nn';
import type { AudioInput } from '@diptych/preprocessing/audio';
import type { ImageInput } from '@diptych/preprocessing/image';
import type { Prompts } from './prompts.ts';
import type { Towers } from './tower.ts';

/** What the modalities of published models take. */
export interface TextAndImage {
  text: string;
  image: ImageInput;
}

/** What a published model of texts and sounds takes: `open<TextAndAudio>(…)`. */
export interface TextAndAudio {
  text: string;
  audio: AudioInput;
}

/** What a published model of texts and images can embed. */
export type Modality = keyof TextAndImage;

/** What an architecture makes of a model's files. Disposing of it frees every variable. */
export interface SpaceParts<Items = TextAndImage> extends Disposable {
  /** By the name of the modality. */
  readonly towers: Towers<Items>;
  /** What cosines are multiplied by before softmax or sigmoid; the exponential of the stored logarithm. Default 1. */
  readonly logitScale?: number;
  /** How rows are compared. Default by cosine. */
  readonly similarity?: Similarity;
  /** Number of trained values, the memory that they take and their type. Default those of the encoders' variables. */
  readonly weights?: { readonly size: number; readonly bytes: number; readonly dtype: WeightType };
  /** Components that a row keeps where the caller does not say. Default all. */
  readonly truncateDim?: number;
  /** Present on models trained with the sigmoid loss, whose scores are independent probabilities. */
  readonly logitBias?: number;
}

/** A model with its weights, and where they came from. */
export interface LoadedModel {
  readonly model: Model<Spec>;
  readonly spec: Spec;
  /** What the checkpoint calls the parameters. */
  readonly names: NameTable;
  readonly checkpoint: Checkpoint;
}

export interface ArchitectureOptions {
  /**
   * What linear layers keep their weights as and multiply: `int16` is nearly exact and takes half of the memory, `int8` a
   * quarter, and both are faster. Default `float32`.
   */
  readonly dtype?: WeightType;
  /**
   * Given what a file of packed weights holds of each parameter, for whoever writes one, and the path of that file in the
   * model. Default path `model.safetensors`. `UNSUPPORTED` for a model of TensorFlow.js, which has no place for it.
   */
  readonly onPacked?: (name: string, tensor: StoredTensor, file?: string) => void;
  /**
   * Fetch all files that the model needs and check that they fit, but load no weights: what `open` resolves with then has
   * no towers. Default `false`.
   */
  readonly filesOnly?: boolean;
  /** Given the model, for whoever trains it: its towers read the variables anew each time, and fold nothing of them. */
  readonly onModel?: (loaded: LoadedModel) => void;
  /** Given the weights of a model, gives what is loaded instead, as with an adapter added. */
  readonly adapt?: ((checkpoint: Checkpoint) => Promise<Checkpoint>) | undefined;
  /**
   * Given the sizes of a vision transformer with a class token, before its weights are read, gives what runs its blocks instead of
   * `transformer`. `open` merges tokens by it, and refuses models that do not ask.
   */
  readonly blocks?: ((config: Pick<VitConfig, 'layers' | 'imageSize' | 'patchSize'>) => RunBlocks) | undefined;
  /** For whoever loads the weights by `loadModel`: see there. `open` chooses the backend by it. */
  readonly onBegin?: LoadOptions['onBegin'];
  /** What goes before texts, as the files around a model say of which this one is a part. */
  readonly prompts?: Prompts | undefined;
  /** The one tower that is asked for: an architecture may leave out the others. Default all. */
  readonly modality?: Modality | undefined;
  readonly signal?: AbortSignal;
  /** Arrays loaded and their total. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/**
 * A family of models, as a value: passed to `open`, never registered.
 *
 * `Items` names its modalities and says what each of them takes, as `{ sound: Float32Array }`.
 */
export interface Architecture<Items = TextAndImage> {
  /** Of this contract: a package that was written for another is refused by `open`. */
  readonly version: 1;
  /** What errors and `EmbeddingSpace.architecture` call it. */
  readonly name: string;
  /** The model in these files, or `undefined` where they are not of this family. */
  open(files: Files, options: ArchitectureOptions): Promise<SpaceParts<Items> | undefined>;
}

/** Files that bring their architecture along, as a package of a model exports them. */
export interface PackagedModel<Items = TextAndImage> extends Files {
  readonly architecture: Architecture<Items>;
}
