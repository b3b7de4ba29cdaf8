import type { Embeddings } from '@diptych/core';
import { everydayWords, nameClusters } from '@diptych/retrieval';
import { rowsOf } from '../queries.ts';
import type { Space } from '../space.ts';

/**
 * A name for each group of images: of the user's words, or of everyday ones. A model of images alone has no words, and numbers them.
 *
 * @param centres `[groups, dim]`, unit rows.
 * @throws {EmbeddingError} `UNSUPPORTED` for tags, where the model embeds no texts.
 */
export async function groupNames(
  space: Space,
  centres: Embeddings,
  tags: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const words = tags ?? (space.modalities.includes('text') ? everydayWords : []);
  return nameClusters(centres, { words, rows: await rowsOf(space, 'text', words, signal) });
}
