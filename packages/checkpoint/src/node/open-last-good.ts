import { checkSignal, EmbeddingError, expectMembers, expectText } from '@diptych/core';
import { fileAt, partialOf, previousOf } from '@diptych/files/node';
import { openSafetensors, type SafetensorsFile } from '../safetensors.ts';

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
export async function openLastGood(path: string, options: LastGoodOptions = {}): Promise<SafetensorsFile | undefined> {
  expectText(path, 'openLastGood');
  const { onDamaged, signal } = expectMembers(options, 'openLastGood: options');
  let damaged: EmbeddingError | undefined;
  for (const candidate of [path, previousOf(path)]) {
    try {
      const file = await openIfThere(candidate, signal);
      if (file) return file;
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      onDamaged?.(error);
      damaged ??= error;
    }
  }
  // Killed between two renames, a file that is whole already may have no other name yet.
  const unnamed = await openIfThere(partialOf(path), signal).catch(() => undefined);
  checkSignal(signal);
  if (unnamed || !damaged) return unnamed;
  throw damaged;
}

async function openIfThere(path: string, signal?: AbortSignal): Promise<SafetensorsFile | undefined> {
  const file = await fileAt(path);
  return file && openSafetensors(file, signal);
}
