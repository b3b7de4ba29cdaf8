import { openCheckpoint } from '@diptych/checkpoint';
import { type Checkpoint, EmbeddingError } from '@diptych/core';
import type { Files } from '@diptych/files';
import { loadRefusals } from './load-refusals.ts';

/**
 * The weights of a model, by their header; the rest is fetched with the first array that is read.
 *
 * @param weights The files that its architecture reads, the preferred one first. Default those of transformers.
 * @throws {EmbeddingError} `NOT_FOUND` with what the model holds instead, and what to do.
 */
export async function openWeights(
  files: Files,
  signal?: AbortSignal,
  weights?: readonly string[],
): Promise<Checkpoint> {
  try {
    return await openCheckpoint(files, signal, weights);
  } catch (cause) {
    if (!(cause instanceof EmbeddingError) || cause.code !== 'NOT_FOUND') throw cause;
    const { heldInstead } = await loadRefusals();
    const held = await heldInstead(files, signal);
    if (held === undefined) throw cause;
    const { where, expected, got } = cause;
    throw new EmbeddingError('NOT_FOUND', { where, expected, got, cure: held }, { cause });
  }
}
