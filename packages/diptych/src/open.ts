import { checkSignal, expectDtype, expectListeners, expectVersion, isObject } from '@diptych/core';
import type { BackendName } from '@diptych/backend-wasm';
import type { Files } from '@diptych/files';
import type { LocatedModel, ModelSource, SourceOptions } from './platform/source.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, ArchitectureOptions, PackagedModel, SpaceParts, TextAndImage } from './architecture.ts';
import type { ModelPair, Openable, OpenSide } from './model-pair.ts';
import { EmbeddingSpace, type SpaceOrigin } from './embedding-space.ts';
import { loadRefusals } from './load-refusals.ts';
import { listedFiles } from './listed-files.ts';
import { chooseBackend, type ChosenBackend } from './choose-backend.ts';
import { located } from './located.ts';
import { reporting } from './reporting.ts';
import { warnOfLicence, type WarningOptions } from './warn-of-licence.ts';

export interface OpenOptions<Items = TextAndImage>
  extends
    Omit<ArchitectureOptions, 'prompts' | 'onModel' | 'modality' | 'onBegin' | 'adapt' | 'blocks'>,
    SourceOptions,
    WarningOptions {
  /** Tried in order. Default `architectures`; that of a `PackagedModel`. */
  readonly architectures?: readonly Architecture<Items>[];
  /**
   * TensorFlow.js backend, or an error where it cannot run. `webgpu` takes the package `@tensorflow/tfjs-backend-webgpu`;
   * `auto` is that where there is a graphics card and the model is large, else `wasm`, and `space.backend` says why. Default
   * the one that is set already, else `wasm`, else `cpu` where that cannot start, with one warning on the console.
   */
  readonly backend?: BackendName | 'auto';
  /** Called with the path of each file of the model that is opened; of weights, when their values are read. */
  readonly onFile?: (path: string) => void;
  /**
   * Paths of the model's files, as `['config.json', 'model.safetensors', 'tokenizer.json']`: no other is asked for, as a URL
   * would be that cannot say what it has. Default whatever an architecture looks for.
   */
  readonly files?: readonly string[];
  /** An adapter of PEFT (LoRA), added to the model's weights: a folder (Node), URL of one, `org/name` on the hub, or any `Files`. */
  readonly adapter?: ModelSource;
  /**
   * Tokens that each block of a vision transformer merges, Bolya et al. 2023, arXiv:2210.09461: faster, and rows that differ a little.
   * `UNSUPPORTED` for another network, `INPUT_INVALID` for more than there are. Default 0.
   */
  readonly mergeTokens?: number;
  /** That both models of a pair have one space, where it is not known of them. Default `false`. */
  readonly sameSpace?: boolean;
  /** Names the model in `Embeddings.model`. Default the last part of a path or URL, else the id of the files; with `+` that of an adapter, and `+merge8` where tokens are merged. */
  readonly id?: string;
}

/**
 * A published checkpoint as a vector space.
 *
 * @param source Folder (Node), URL of a folder, `org/name` on the Hugging Face hub, any `Files`, or a
 *   model that is a package, such as `emoji` of `@diptych/model-emoji`; or `{ text, image }`, two of these that share a space, of
 *   which one embeds the texts and the other the images.
 * @throws {EmbeddingError} `INPUT_INVALID` for an option that is not what it says, `NOT_FOUND`,
 *   `NETWORK`, `CONFIG_INVALID`, `CHECKPOINT_INVALID`, `CHECKPOINT_MISMATCH`,
 *   `BACKEND_UNAVAILABLE`, or `UNSUPPORTED` when no architecture knows the files, or one is of another version. Nothing stays allocated.
 */
export function open<Items = TextAndImage>(
  source: ModelSource | PackagedModel<Items> | ModelPair,
  options?: OpenOptions<Items>,
): Promise<EmbeddingSpace<Items>>;
export async function open(
  source: ModelSource | PackagedModel<unknown> | ModelPair,
  options: OpenOptions<unknown> = {},
): Promise<EmbeddingSpace<unknown>> {
  expectListeners(options, 'open');
  const { backend = tf.getBackend(), dtype, signal } = options;
  if (dtype !== undefined) expectDtype(dtype, 'dtype');
  checkSignal(signal);
  const cards: Files[] = [];
  const openOne = await opening(source, options, cards);
  const chosen = await chooseBackend(backend);
  const { id, parts, architecture } = await openOne(chosen.onBegin);
  return warned(spaceOf({ id: options.id ?? id, architecture, backend: chosen.running() }, parts), cards, options);
}

/** What was opened, and a word on the licence of each of its models. */
async function warned<T extends Disposable>(
  opened: T,
  cards: readonly Files[],
  options: OpenOptions<unknown>,
): Promise<T> {
  try {
    for (const files of cards) await warnOfLicence(files, options);
    return opened;
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

/**
 * What opens the model or pair, whose source is checked already.
 *
 * @param cards Gets the files of each model.
 */
async function opening(
  source: ModelSource | PackagedModel<unknown> | ModelPair,
  options: OpenOptions<unknown>,
  cards: Files[],
): Promise<(onBegin: ChosenBackend['onBegin']) => Promise<OpenSide>> {
  const openable = (one: ModelSource | PackagedModel<unknown>): Openable => {
    const { files, unheard, id } = modelOf(one, options);
    cards.push(unheard);
    const openOne: Openable['open'] = async (told) => {
      const { parts, architecture } = await claimed(files, await knownTo(one, options), { ...options, ...told });
      return { id, architecture, parts };
    };
    return { id, open: openOne };
  };
  const { adapter, mergeTokens = 0 } = options;
  const one = isPair(source) ? source : openable(source);
  if ('open' in one && adapter === undefined && mergeTokens === 0) return async (onBegin) => one.open({ onBegin });
  return (await import('./later-networks.ts')).opensChanged(one, options, openable);
}

function isPair(source: unknown): source is ModelPair {
  return isObject(source) && 'text' in source && 'image' in source;
}

/** What `download` needs of the options of `open`. */
export type DownloadOptions = Pick<
  OpenOptions<unknown>,
  'architectures' | 'files' | 'revision' | 'hub' | 'onDownload' | 'onFile' | 'signal'
>;

/**
 * Fetches what `open` reads of a model, and nothing else, so that it opens without the hub. A model that would not open is
 * refused as `open` refuses it, before its weights are fetched.
 *
 * @param source As `open` takes it.
 */
export async function download(
  source: ModelSource | PackagedModel<unknown>,
  options: DownloadOptions = {},
): Promise<void> {
  expectListeners(options, 'download');
  const { files } = modelOf(source, options);
  const { parts } = await claimed(files, await knownTo(source, options), { ...options, filesOnly: true });
  parts[Symbol.dispose]();
}

/** The model's files, and the same without a word to `onFile`. */
export function modelOf(
  source: ModelSource | PackagedModel<unknown>,
  options: OpenOptions<unknown>,
): LocatedModel & { readonly unheard: Files } {
  const { files: all, id } = located(source, options);
  const unheard = options.files === undefined ? all : listedFiles(all, options.files);
  return { files: options.onFile ? reporting(unheard, options.onFile) : unheard, unheard, id };
}

/** What the first architecture that knows the files makes of them. */
export async function claimed(
  files: Files,
  known: readonly Architecture<unknown>[],
  options: ArchitectureOptions,
): Promise<{ readonly parts: SpaceParts<unknown>; readonly architecture: string }> {
  for (const one of known) expectVersion(one, `architecture ${one.name}`, 'Architecture');
  for (const architecture of known) {
    const parts = await architecture.open(files, options);
    if (parts) return { parts, architecture: architecture.name };
  }
  const names = known.map(({ name }) => name);
  const { unknownModel } = await loadRefusals();
  throw await unknownModel(files, names);
}

/** The model's own architecture, or every one of ours, which whoever names theirs does not load. */
export async function knownTo(
  source: ModelSource | PackagedModel<unknown>,
  options: OpenOptions<unknown>,
): Promise<readonly Architecture<unknown>[]> {
  if (options.architectures) return options.architectures;
  if (typeof source === 'object' && 'architecture' in source) return [source.architecture];
  const { architectures } = await import('./architectures.ts');
  return architectures;
}

function spaceOf(origin: SpaceOrigin, parts: SpaceParts<unknown>): EmbeddingSpace<unknown> {
  try {
    return new EmbeddingSpace(origin, parts);
  } catch (error) {
    parts[Symbol.dispose]();
    throw error;
  }
}
