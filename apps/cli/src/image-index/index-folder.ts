import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { FileKind } from '../file-kinds.ts';
import { folderOf } from '../inputs.ts';

/** Where the index of a model lies: beside the files, unless said otherwise. */
export async function indexFolder(
  given: string | undefined,
  { kind, operand }: { readonly kind: FileKind; readonly operand: string },
  model: string,
): Promise<string> {
  if (given !== undefined) return given;
  if (operand === '-') {
    throw new EmbeddingError('INPUT_INVALID', {
      where: `--${kind.plural} -`,
      expected: '--index <folder> with it',
      got: 'none',
    });
  }
  return join(await folderOf(operand), '.diptych', model.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_'));
}
