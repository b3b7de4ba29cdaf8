import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { useBackend } from '@diptych/backend-wasm';
import { filesAt } from '#platform';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, ArchitectureOptions } from './architecture.ts';
import { hfClip } from './clip/hf-clip.ts';
import { openClip } from './clip/open-clip.ts';
import { EmbeddingSpace } from './embedding-space.ts';
import { readJson } from './model-json.ts';

/** The architectures that `open` knows by itself. */
export const architectures: readonly Architecture[] = [hfClip, openClip];

export interface OpenOptions extends ArchitectureOptions {
  /** Tried in order. Default `architectures`. */
  readonly architectures?: readonly Architecture[];
  /** TensorFlow.js backend. Default the one that is set already, else `wasm`. */
  readonly backend?: string;
  /** Names the model in `Embeddings.model`. Default the name of the folder, or the URL. */
  readonly id?: string;
}

/**
 * A published checkpoint as a vector space.
 *
 * @param source Folder (Node), URL of a folder, or any `ModelFiles`.
 * @throws {EmbeddingError} `NOT_FOUND`, `NETWORK`, `CONFIG_INVALID`, `CHECKPOINT_INVALID`, `CHECKPOINT_MISMATCH`,
 *   `BACKEND_UNAVAILABLE`, or `UNSUPPORTED` when no architecture knows the files. Nothing stays allocated.
 */
export async function open(source: string | URL | ModelFiles, options: OpenOptions = {}): Promise<EmbeddingSpace> {
  const { architectures: known = architectures, backend = tf.getBackend() || 'wasm', signal, onProgress } = options;
  signal?.throwIfAborted();
  const files = typeof source === 'string' || source instanceof URL ? filesAt(source) : source;
  await useBackend(backend);
  for (const architecture of known) {
    const parts = await architecture.open(files, { signal, onProgress });
    if (parts) return new EmbeddingSpace(options.id ?? files.id, architecture.name, parts);
  }
  throw await unknownModel(files, known);
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
