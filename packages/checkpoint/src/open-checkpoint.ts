import { type Checkpoint, checkSignal, EmbeddingError, expectMembers, expectTexts } from '@diptych/core';
import type { Files } from '@diptych/files';
import { byHeader } from './by-header.ts';
import { openSharded } from './sharded.ts';
import { formatOf } from './weight-format.ts';

/** The files of weights that transformers reads, the preferred one first. */
export const transformersWeights: readonly string[] = ['model.safetensors', 'pytorch_model.bin'];

/**
 * The weights of a model, in one file or in shards with an index: safetensors, or else what torch saved. Of a file that
 * is far only the header is read until an array is asked for.
 *
 * @param weights Names of the files to look for, the preferred one first. Default those of transformers.
 * @throws {EmbeddingError} `NOT_FOUND`, listing the files looked for; `CHECKPOINT_INVALID` as the readers of the
 *   formats do, and when shards and index disagree.
 */
export async function openCheckpoint(
  files: Files,
  signal?: AbortSignal,
  weights: readonly string[] = transformersWeights,
): Promise<Checkpoint> {
  expectMembers(files, 'openCheckpoint: files', 'open');
  expectTexts(weights, 'openCheckpoint: weights');
  for (const file of weights) {
    checkSignal(signal);
    const { open, model } = formatOf(file);
    const whole = await byHeader(files, file, open, signal);
    if (whole) return model(whole);
    const index = await files.open(indexOf(file), signal);
    if (index) return model(await openSharded(index, files, open, signal));
  }
  const wanted = weights.flatMap((file) => [file, indexOf(file)]).join(', ');
  throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: `one of ${wanted}`, got: 'none' });
}

/** Name of the index where such a file is split into shards. */
function indexOf(file: string): string {
  return `${file}.index.json`;
}
