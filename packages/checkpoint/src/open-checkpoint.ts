import { EmbeddingError, type Checkpoint } from '@diptych/core';
import type { ModelFiles } from './model-files.ts';
import { openSafetensors } from './safetensors.ts';
import { openSharded, type OpenShard } from './sharded.ts';

/** Where weights are looked for, in this order, and what reads them. */
const layouts: readonly (readonly [file: string, open: OpenShard])[] = [
  ['model.safetensors', openSafetensors],
  ['open_clip_model.safetensors', openSafetensors],
];

/**
 * The weights of a model, in one file or in shards with an index.
 *
 * @throws {EmbeddingError} `NOT_FOUND`, listing the files looked for; `CHECKPOINT_INVALID` as the readers of the
 *   formats do, and when shards and index disagree.
 */
export async function openCheckpoint(files: ModelFiles, signal?: AbortSignal): Promise<Checkpoint> {
  for (const [file, open] of layouts) {
    signal?.throwIfAborted();
    const whole = await files.open(file, signal);
    if (whole) return open(whole, signal);
    const index = await files.open(indexOf(file), signal);
    if (index) return openSharded(index, files, open, signal);
  }
  const wanted = layouts.flatMap(([file]) => [file, indexOf(file)]).join(', ');
  throw new EmbeddingError('NOT_FOUND', `${files.id}: expected one of ${wanted}, found none`);
}

function indexOf(file: string): string {
  return `${file}.index.json`;
}
