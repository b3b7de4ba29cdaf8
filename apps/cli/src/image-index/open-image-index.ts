import type { SearchKernel } from '@diptych/core';
import { fileStore } from '@diptych/retrieval/node';
import { checkProbe, type Identity, storeConfig, withCure } from './identity.ts';
import { ImageIndex, stampsIn } from './image-index.ts';

/**
 * The index in a folder, made if absent, and held until it is disposed of.
 *
 * @param kernel Compares rows in 8 bits for `search`. Default: plain JavaScript.
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another model or precision, another process holds it, or
 *   the folder cannot be written.
 */
export async function openImageIndex(
  folder: string,
  identity: Identity,
  kernel?: SearchKernel<'int8'>,
): Promise<ImageIndex> {
  const store = await fileStore(folder, storeConfig(identity), { kernel }).catch((error: unknown) => {
    throw withCure(error);
  });
  try {
    await checkProbe(folder, store, identity);
    return new ImageIndex(store, await stampsIn(store));
  } catch (error) {
    await store.close();
    throw error;
  }
}
