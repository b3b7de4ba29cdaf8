import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { folderOf } from '../inputs.ts';

/** Where the index of a model lies: beside the photos, unless said otherwise. */
export async function indexFolder(given: string | undefined, images: string, model: string): Promise<string> {
  if (given !== undefined) return given;
  if (images === '-') {
    throw new EmbeddingError('INPUT_INVALID', {
      where: '--images -',
      expected: '--index <folder> with it',
      got: 'none',
    });
  }
  return join(await folderOf(images), '.diptych', model.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_'));
}
