import { groupBatches, type GroupBatchesOptions, permutation } from '@diptych/datasets';
import type { CaptionSplit, WeightedCaptions } from './caption-split.ts';

type EpochOptions = Required<Pick<GroupBatchesOptions, 'seed' | 'epoch'>>;

/** Full batches of an epoch: numbers of captions, those of a batch of different images. */
export function* epochBatches(
  { imageOf, sets }: Pick<CaptionSplit, 'imageOf' | 'sets'>,
  { size, seed, epoch }: EpochOptions & Pick<GroupBatchesOptions, 'size'>,
): Generator<Uint32Array, void> {
  const options = { size, seed, epoch, dropLast: true };
  const rows = sets && rowsOf(sets, { seed, epoch });
  const groups = rows ? rows.map((row) => imageOf[row]!) : imageOf;
  for (const batch of groupBatches(groups, options)) yield rows ? batch.map((at) => rows[at]!) : batch;
}

/** Captions of an epoch. A set is gone through in one random order after the other, so that all of it comes equally often. */
function rowsOf(sets: readonly WeightedCaptions[], { seed, epoch }: EpochOptions): Uint32Array {
  const rows: number[] = [];
  let begin = 0;
  for (const { captions, weight } of sets) {
    const count = Math.round(captions * weight);
    let order: Uint32Array | undefined;
    for (let at = epoch * count; at < (epoch + 1) * count; at++) {
      const place = at % captions;
      if (!order || place === 0) order = permutation(captions, { seed, epoch: Math.floor(at / captions) });
      rows.push(begin + order[place]!);
    }
    begin += captions;
  }
  return Uint32Array.from(rows);
}
