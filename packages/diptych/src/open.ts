import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { locate } from '#platform';
import type { ModelSource, SourceOptions } from './platform/source.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, ArchitectureOptions, PackagedModel, SpaceParts } from './architecture.ts';
import { architectures } from './architectures.ts';
import { EmbeddingSpace } from './embedding-space.ts';
import { readJson } from './model-json.ts';

export interface OpenOptions extends ArchitectureOptions, SourceOptions {
  /** Tried in order. Default `architectures`; that of a `PackagedModel`. */
  readonly architectures?: readonly Architecture[];
  /** TensorFlow.js backend. Default the one that is set already, else `wasm`, else `cpu` where that cannot start. */
  readonly backend?: string;
  /** Names the model in `Embeddings.model`. Default the last part of a path or URL, else the id of the files. */
  readonly id?: string;
}

/**
 * A published checkpoint as a vector space.
 *
 * @param source Folder (Node), URL of a folder, `org/name` on the Hugging Face hub, any `ModelFiles`, or a
 *   model that is a package, such as `emoji` of `@diptych/model-emoji`.
 * @throws {EmbeddingError} `NOT_FOUND`, `NETWORK`, `CONFIG_INVALID`, `CHECKPOINT_INVALID`, `CHECKPOINT_MISMATCH`,
 *   `BACKEND_UNAVAILABLE`, or `UNSUPPORTED` when no architecture knows the files. Nothing stays allocated.
 */
export async function open(source: ModelSource | PackagedModel, options: OpenOptions = {}): Promise<EmbeddingSpace> {
  const { architectures: known = knownTo(source), backend = tf.getBackend(), signal } = options;
  signal?.throwIfAborted();
  const named = typeof source === 'string' || source instanceof URL;
  const { files, id } = named ? locate(source, options) : { files: source, id: source.id };
  await (backend ? useBackend(backend) : defaultBackend());
  for (const architecture of known) {
    const parts = await architecture.open(files, options);
    if (parts) return spaceOf(options.id ?? id, architecture.name, parts);
  }
  throw await unknownModel(files, known);
}

/** The model's own architecture, or every one of ours. */
function knownTo(source: ModelSource | PackagedModel): readonly Architecture[] {
  return typeof source === 'object' && 'architecture' in source ? [source.architecture] : architectures;
}

function spaceOf(id: string, architecture: string, parts: SpaceParts): EmbeddingSpace {
  try {
    return new EmbeddingSpace(id, architecture, parts);
  } catch (error) {
    parts[Symbol.dispose]();
    throw error;
  }
}

async function unknownModel(files: ModelFiles, known: readonly Architecture[]): Promise<EmbeddingError> {
  const config = await readJson(files, 'config.json');
  const names = known.map(({ name }) => name).join(', ');
  if (!config) {
    return new EmbeddingError(
      'NOT_FOUND',
      `${files.id}: expected config.json, open_clip_config.json, modules.json or model.json, found none of them`,
    );
  }
  const type = JSON.stringify(config['model_type']);
  return new EmbeddingError(
    'UNSUPPORTED',
    `${files.id}/config.json: model_type: expected one of ${names}, got ${type}`,
  );
}
