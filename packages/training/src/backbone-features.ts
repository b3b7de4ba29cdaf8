import type { Sample } from '@diptych/datasets';
import { EmbeddingError } from '@diptych/core';
import type { OpenEmbedder } from './embedder.ts';
import { namedRows, type NamedRows } from './named-rows.ts';

/**
 * What a frozen network gives of each image, once. An image that cannot be read ends it.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` when the network embeds no images.
 */
export async function backboneFeatures(
  open: OpenEmbedder,
  folder: string,
  samples: readonly Sample[],
  { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void },
): Promise<NamedRows> {
  using model = await open(folder, { signal });
  if (!model.modalities.includes('image')) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: folder,
      expected: 'a model that embeds images',
      got: model.modalities.join(', '),
    });
  }
  const images = imagesOf(samples, signal);
  const rows = await model.embed('image', images, { normalize: false, signal, onProgress });
  const names = samples.map(({ id }) => id);
  return namedRows(rows, names, folder);
}

/** Encoded images, read one after the other. */
export async function* imagesOf(samples: readonly Sample[], signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const { image } of samples) yield await image(signal);
}
