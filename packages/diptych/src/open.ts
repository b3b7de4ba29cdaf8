import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { filesAt } from '#platform';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, ArchitectureOptions, SpaceParts } from './architecture.ts';
import { hfClip } from './hf/clip.ts';
import { openClip } from './open-clip/open-clip.ts';
import { EmbeddingSpace } from './embedding-space.ts';
import { readJson } from './model-json.ts';

/** The architectures that `open` knows by itself. */
export const architectures: readonly Architecture[] = [hfClip, openClip];

export interface OpenOptions extends ArchitectureOptions {
  /** Tried in order. Default `architectures`. */
  readonly architectures?: readonly Architecture[];
  /** TensorFlow.js backend. Default the one that is set already, else `wasm`, else `cpu` where that cannot start. */
  readonly backend?: string;
  /** Names the model in `Embeddings.model`. Default the last part of the path or URL, or the id of the files. */
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
  const { architectures: known = architectures, backend = tf.getBackend(), signal, onProgress } = options;
  signal?.throwIfAborted();
  const named = typeof source === 'string' || source instanceof URL;
  const files = named ? filesAt(source) : source;
  const id = options.id ?? (named ? lastPart(files.id) : files.id);
  await (backend ? useBackend(backend) : defaultBackend());
  for (const architecture of known) {
    const parts = await architecture.open(files, { signal, onProgress });
    if (parts) return spaceOf(id, architecture.name, parts);
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

/** `clip-b32` of `/models/clip-b32`. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
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
