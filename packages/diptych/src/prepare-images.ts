import type { ImageBatch } from '@diptych/core';
import { type DecodeOptions, joinImages } from '@diptych/preprocessing/image';

/** How an image is prepared. */
export interface PrepareOptions extends Pick<DecodeOptions, 'signal' | 'onRead'> {
  /** How it is decoded. */
  readonly decode?: Omit<DecodeOptions, 'signal' | 'onRead'> | undefined;
}

/** An image, or what `EmbeddingSpace.prepare` made of one. */
export type PreparedOr<Image> = Image | ImageBatch;

/** One batch of images, of which some may be prepared already. */
export async function prepareAll<Image>(
  items: readonly PreparedOr<Image>[],
  prepare: (image: Image) => Promise<ImageBatch>,
  onRead: () => void,
): Promise<ImageBatch> {
  const images = items.map(async (item) => {
    if (!isPrepared(item)) return prepare(item);
    onRead();
    return item;
  });
  return joinImages(await Promise.all(images));
}

function isPrepared<Image>(item: PreparedOr<Image>): item is ImageBatch {
  return typeof item === 'object' && item !== null && 'pixels' in item && 'shape' in item;
}
