import { groupBatches, shuffled } from '@diptych/datasets';

export interface BatchesOptions {
  readonly size: number;
  readonly seed: number;
  readonly epoch: number;
}

/** Batches whose captions are alike in length are cut from so many rows, which all belong to different photos. */
const batchesToSort = 8;

/**
 * Batches of caption numbers for one epoch, in a random order: no two captions of one photo in any, and captions of about
 * one length together, so that little is computed for padding. What does not fill a batch waits for another epoch.
 *
 * @param imageOf The photo of each caption.
 * @param lengths Words of each caption.
 */
export function captionBatches(
  imageOf: ArrayLike<number>,
  lengths: ArrayLike<number>,
  { size, seed, epoch }: BatchesOptions,
): Uint32Array[] {
  const found: Uint32Array[] = [];
  for (const chunk of groupBatches(imageOf, { size: batchesToSort * size, seed, epoch })) {
    const sorted = chunk.toSorted((a, b) => lengths[a]! - lengths[b]!);
    for (let at = 0; at + size <= sorted.length; at += size) found.push(sorted.subarray(at, at + size));
  }
  return shuffled(found, { seed, epoch });
}
