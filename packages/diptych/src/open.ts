import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { locate } from '#platform';
import type { ModelSource, SourceOptions } from './platform/source.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, ArchitectureOptions, SpaceParts } from './architecture.ts';
import { hfClip } from './hf/clip.ts';
import { openClip } from './open-clip/open-clip.ts';
import { EmbeddingSpace } from './embedding-space.ts';
import { readJson } from './model-json.ts';

/** The architectures that `open` knows by itself. */
export const architectures: readonly Architecture[] = [hfClip, openClip];

export interface OpenOptions extends ArchitectureOptions, SourceOptions {
  /** Tried in order. Default `architectures`. */
  readonly architectures?: readonly Architecture[];
  /** TensorFlow.js backend. Default the one that is set already, else `wasm`, else `cpu` where that cannot start. */
  readonly backend?: string;
  /** Names the model in `Embeddings.model`. Default the last part of a path or URL, else the id of the files. */
  readonly id?: string;
}

/**
 * A published checkpoint as a vector space.
 *
 * @param source Folder (Node), URL of a folder, `org/name` on the Hugging Face hub, or any `ModelFiles`.
 * @throws {EmbeddingError} `NOT_FOUND`, `NETWORK`, `CONFIG_INVALID`, `CHECKPOINT_INVALID`, `CHECKPOINT_MISMATCH`,
 *   `BACKEND_UNAVAILABLE`, or `UNSUPPORTED` when no architecture knows the files. Nothing stays allocated.
 */
export async function open(source: ModelSource, options: OpenOptions = {}): Promise<EmbeddingSpace> {
  const { architectures: known = architectures, backend = tf.getBackend(), signal, onProgress } = options;
  signal?.throwIfAborted();
  const named = typeof source === 'string' || source instanceof URL;
  const { files, id } = named ? locate(source, options) : { files: source, id: source.id };
  await (backend ? useBackend(backend) : defaultBackend());
  for (const architecture of known) {
    const parts = await architecture.open(files, { signal, onProgress });
    if (parts) return spaceOf(options.id ?? id, architecture.name, parts);
  }
  throw await unknownModel(files, known);
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
    return new EmbeddingError('NOT_FOUND', `${files.id}: expected config.json or open_clip_config.json, found neither`);
  }
  const type = JSON.stringify(config['model_type']);
  return new EmbeddingError(
    'UNSUPPORTED',
    `${files.id}/config.json: model_type: expected one of ${names}, got ${type}`,
  );
}
