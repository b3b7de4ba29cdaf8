import { EmbeddingError } from '@diptych/core';
import { fileSource } from './file-source.ts';
import { previousOf } from './replace-file.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';
import { statIfThere } from './stat-if-there.ts';

export interface LastGoodOptions {
  /** Told why the newest file was passed over. */
  readonly onDamaged?: (error: EmbeddingError) => void;
  readonly signal?: AbortSignal;
}

/**
 * The safetensors file that `replaceFile` wrote last, or the one before where the last is missing or damaged;
 * `undefined` where there is neither.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` when both are damaged.
 */
export async function openLastGood(
  path: string,
  { onDamaged, signal }: LastGoodOptions = {},
): Promise<SafetensorsFile | undefined> {
  let damaged: EmbeddingError | undefined;
  for (const candidate of [path, previousOf(path)]) {
    const found = await statIfThere(candidate);
    if (!found?.isFile()) continue;
    try {
      return await openSafetensors(fileSource(candidate, found.size), signal);
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      onDamaged?.(error);
      damaged ??= error;
    }
  }
  if (damaged) throw damaged;
  return undefined;
}
