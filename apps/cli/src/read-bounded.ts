import { readFile, stat } from 'node:fs/promises';
import { checkSize, type JsonKind } from '@diptych/core';

/**
 * All of a file that is no larger than its kind may be.
 *
 * @throws {EmbeddingError} with the code of its kind, before it is read.
 */
export async function readBounded(path: string, kind: JsonKind): Promise<Uint8Array> {
  checkSize((await stat(path)).size, path, kind);
  return readFile(path);
}
