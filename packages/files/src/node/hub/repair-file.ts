import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { checkSignal, EmbeddingError } from '@diptych/core';
import { diskError } from '../disk-error.ts';
import { statIfThere } from '../stat-if-there.ts';
import { hub } from './node-hub.ts';
import type { CheckedFile, Link } from './checked-file.ts';

interface RepairOptions {
  readonly cacheFolder: string;
  readonly signal: AbortSignal | undefined;
}

/** Downloads a damaged content again, for the revisions that link to it; without one it is put away for good. */
export async function repairFile(
  checked: CheckedFile,
  links: readonly Link[],
  { cacheFolder, signal }: RepairOptions,
): Promise<CheckedFile> {
  const aside = `${checked.path}.${randomUUID()}.damaged`;
  try {
    if (links.length === 0) {
      await rm(checked.path);
      return { ...checked, repaired: true };
    }
    await rename(checked.path, aside);
    for (const { commit, file } of links) {
      const files = hub(checked.model, { revision: commit, cacheFolder });
      await files.list(signal); // Otherwise a hub that fails would be answered for by the cache.
      const source = await files.open(file, signal);
      if (!source) {
        const where = `${checked.model}@${commit}`;
        throw new EmbeddingError('NOT_FOUND', { where, expected: `a file '${file}' of the hub`, got: 'none any more' });
      }
    }
  } catch (cause) {
    if ((await statIfThere(aside)) && !(await statIfThere(checked.path))) await rename(aside, checked.path);
    checkSignal(signal);
    const error = diskError('written', checked.path, cause);
    if (!(error instanceof EmbeddingError)) throw error;
    return { ...checked, problem: `${checked.problem}; not repaired: ${error.message}` };
  }
  await rm(aside, { force: true });
  return { ...checked, repaired: true };
}
