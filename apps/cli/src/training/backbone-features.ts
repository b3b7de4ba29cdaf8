import { EmbeddingError } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import { open } from 'diptych';
import type { Progress } from '../progress.ts';
import { featuresOf, type StoredFeatures } from './stored-features.ts';

/**
 * What a frozen network gives of each image, once. An image that cannot be read ends it.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` when the network embeds no images.
 */
export async function backboneFeatures(
  folder: string,
  samples: readonly Sample[],
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<StoredFeatures> {
  using space = await open(folder, { signal });
  if (!space.modalities.includes('image')) throw new EmbeddingError('UNSUPPORTED', `${folder}: embeds no images`);
  const bar = progress.start('features', { total: samples.length });
  const images = (async function* () {
    for (const { image } of samples) yield await image(signal);
  })();
  try {
    const options = { normalize: false, signal, onProgress: (done: number) => bar.update(done) };
    const { data } = await space.embed('image', images, options);
    return featuresOf(
      data,
      space.dim,
      samples.map(({ id }) => id),
      folder,
    );
  } finally {
    bar.stop();
  }
}
