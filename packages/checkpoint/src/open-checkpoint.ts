import { EmbeddingError, type Checkpoint } from '@diptych/core';
import type { ModelFiles } from './model-files.ts';
import { openSharded } from './sharded.ts';
import { stripPrefixes } from './strip-prefix.ts';
import { indexOf, weightLayouts } from './weight-layouts.ts';

/**
 * The weights of a model, in one file or in shards with an index: safetensors, or else what torch saved.
 *
 * @throws {EmbeddingError} `NOT_FOUND`, listing the files looked for; `CHECKPOINT_INVALID` as the readers of the
 *   formats do, and when shards and index disagree.
 */
export async function openCheckpoint(files: ModelFiles, signal?: AbortSignal): Promise<Checkpoint> {
  for (const { file, open, prefixes } of weightLayouts) {
    signal?.throwIfAborted();
    const whole = await files.open(file, signal);
    if (whole) return stripPrefixes(await open(whole, signal), prefixes);
    const index = await files.open(indexOf(file), signal);
    if (index) return stripPrefixes(await openSharded(index, files, open, signal), prefixes);
  }
  const wanted = weightLayouts.flatMap(({ file }) => [file, indexOf(file)]).join(', ');
  throw new EmbeddingError('NOT_FOUND', `${files.id}: expected one of ${wanted}, found none`);
}
