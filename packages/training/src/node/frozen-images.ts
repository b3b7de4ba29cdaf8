import { join } from 'node:path';
import type { Rows } from '@diptych/alignment';
import { batches, expectText } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { imagesOf } from '../backbone-features.ts';
import type { Side } from '../dual-batch.ts';
import type { EmbedderOptions } from '../embedder.ts';
import { joinedRows } from '../joined-rows.ts';
import type { Tunable } from '../tuning/tunable.ts';
import { cachedRows } from './cached-rows.ts';
import { featureCache, memoryCache } from './feature-cache.ts';
import { imageTowerHash } from './model-hash.ts';

const batchSize = 32;

export interface FrozenImagesOptions extends Pick<EmbedderOptions, 'signal' | 'onProgress'> {
  /** Folder in which runs share rows. Default none: they are computed once for this run. */
  readonly featureCache?: string | undefined;
}

/** Images for an image tower that stays as it is: each has been through it once. */
export async function frozenImages(
  base: Tunable,
  samples: readonly Sample[],
  { featureCache: folder, signal, onProgress }: FrozenImagesOptions,
): Promise<Side<Sample>> {
  if (folder !== undefined) expectText(folder, 'featureCache');
  const cache =
    folder === undefined
      ? memoryCache()
      : await featureCache(join(folder, await imageTowerHash(base, signal), 'image'), signal);
  const embed = async (images: AsyncIterable<Uint8Array>, told: Pick<EmbedderOptions, 'onProgress'>) =>
    rowsOf(base, images, { signal, ...told });
  const rows = await cachedRows(imagesOf(samples, signal), { cache, embed, signal, onProgress });
  const [, dim] = rows.shape;
  const rowOf = new Map(samples.map((sample, i) => [sample, rows.data.subarray(i * dim, (i + 1) * dim)]));
  return {
    load: async (wanted) => {
      const { data } = joinedRows(
        wanted.map((sample) => rowOf.get(sample)!),
        [wanted.length, dim],
      );
      return () => tf.tensor2d(data, [wanted.length, dim]);
    },
  };
}

async function rowsOf(
  { towers: { image } }: Tunable,
  images: AsyncIterable<Uint8Array>,
  { signal, onProgress }: Pick<EmbedderOptions, 'signal' | 'onProgress'>,
): Promise<Rows> {
  const parts: Float32Array[] = [];
  let done = 0;
  for await (const some of batches(images, batchSize)) {
    const raws = await Promise.all(some.map(async (bytes) => (image.read ? image.read(bytes, { signal }) : bytes)));
    const batch = await image.preprocess(raws, signal);
    const rows = tf.tidy(() => image.encoder.forward(batch));
    parts.push(rows.dataSync<'float32'>().slice());
    rows.dispose();
    onProgress?.((done += some.length));
  }
  return joinedRows(parts, [done, image.encoder.dim]);
}
