import { checkSize, type JsonKind } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';

/**
 * All of a file that is no larger than its kind may be.
 *
 * @throws {EmbeddingError} with the code of its kind, before it is read.
 */
export async function readBounded(path: string, kind: JsonKind): Promise<Uint8Array> {
  return readFileBytes(path, (size) => checkSize(size, path, kind));
}
