import { type Checkpoint, checkSignal, EmbeddingError, expectListeners, type Similarity } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type Placement, place } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { LoadedModel, SpaceParts, TextAndImage } from './architecture.ts';
import { chooseBackend } from './choose-backend.ts';
import { claimed, knownTo, modelOf, type OpenOptions } from './open.ts';
import type { ModelSource } from './platform/source.ts';
import type { Towers } from './tower.ts';
import { warnOfLicence } from './warn-of-licence.ts';

export type TrainableOptions = Omit<
  OpenOptions,
  'dtype' | 'onPacked' | 'filesOnly' | 'onFile' | 'adapter' | 'mergeTokens'
>;

/** A published model of texts and images whose variables may be moved. Whoever opened it disposes of it. */
export interface Trainable extends Disposable {
  /** As `EmbeddingSpace` has them. */
  readonly id: string;
  readonly architecture: string;
  /** How rows are compared. */
  readonly similarity: Similarity;
  readonly towers: Required<Towers<TextAndImage>>;
  /** By dotted path, below `text` and `image`; `logScale` and `bias` where the model has them. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Every parameter, in the order in which the towers use them, and the arrays that it is made of. */
  readonly placements: readonly Placement[];
  readonly checkpoint: Checkpoint;
  readonly files: Files;
  /** Paths of what was read of the files, weights included. */
  readonly read: readonly string[];
}

/**
 * A published model, to be trained further: as `open`, but for texts and images both, in float32, and with its variables.
 *
 * @throws {EmbeddingError} As `open`; `UNSUPPORTED` for a model of one modality, of packed weights, or of parts with weights of
 *   their own, as one with a `backbone`.
 */
export async function openTrainable(source: ModelSource, options: TrainableOptions = {}): Promise<Trainable> {
  expectListeners(options, 'openTrainable');
  const { backend = tf.getBackend(), signal } = options;
  checkSignal(signal);
  const read = new Set<string>();
  const { files, unheard, id } = modelOf(source, { ...options, onFile: (path) => void read.add(path) });
  const { onBegin } = await chooseBackend(backend);
  const loaded: LoadedModel[] = [];
  const onModel = (one: LoadedModel) => void loaded.push(one);
  const found = await claimed(files, await knownTo(source, options), { ...options, onModel, onBegin });
  const parts = found.parts as SpaceParts;
  try {
    const { model, spec, names, checkpoint } = onlyOne(loaded, files.id);
    const { text, image } = parts.towers;
    if (!text || !image) throw refused(files.id, 'a model of texts and images', text ? 'of texts' : 'of images');
    await warnOfLicence(unheard, options);
    return {
      id: options.id ?? id,
      architecture: found.architecture,
      similarity: parts.similarity ?? 'cosine',
      towers: { text, image },
      variables: model.variables,
      placements: place(spec, checkpoint, names),
      checkpoint,
      files,
      read: [...read],
      [Symbol.dispose]: () => parts[Symbol.dispose](),
    };
  } catch (error) {
    parts[Symbol.dispose]();
    throw error;
  }
}

function onlyOne(loaded: readonly LoadedModel[], where: string): LoadedModel {
  const [one, ...others] = loaded;
  if (!one || others.length > 0) throw refused(where, 'one model with weights of its own', loaded.length);
  // What is in integers is no variable; what is packed in float32 has no names that others read.
  if (one.checkpoint.metadata?.has('diptych.dtype')) throw refused(where, 'weights as published', 'packed weights');
  return one;
}

function refused(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', { where, expected, got });
}
