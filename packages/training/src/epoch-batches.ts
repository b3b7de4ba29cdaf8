import { groupBatches, type GroupBatchesOptions, permutation } from '@diptych/datasets';
import type { CaptionSplit, WeightedCaptions } from './caption-split.ts';

type EpochOptions = Required<Pick<GroupBatchesOptions, 'seed' | 'epoch'>>;

export interface EpochBatchesOptions extends EpochOptions, Pick<GroupBatchesOptions, 'size'> {
  /** That no batch has one text twice. Default `false`. */
  readonly distinctTexts?: boolean | undefined;
}

/** Full batches of an epoch: numbers of captions, those of a batch of different images. */
export function* epochBatches(
  { captions, imageOf, sets }: Pick<CaptionSplit, 'captions' | 'imageOf' | 'sets'>,
  { size, seed, epoch, distinctTexts = false }: EpochBatchesOptions,
): Generator<Uint32Array, void> {
  const rows = sets && rowsOf(sets, { seed, epoch });
  const ofEpoch = (numbers: Int32Array) => (rows ? Int32Array.from(rows, (row) => numbers[row]!) : numbers);
  const others = distinctTexts ? [ofEpoch(textNumbers(captions))] : [];
  const options = { size, seed, epoch, others, dropLast: true };
  for (const batch of groupBatches(ofEpoch(imageOf), options)) yield rows ? batch.map((at) => rows[at]!) : batch;
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

/** Captions as numbers, of which equal texts have one. */
function textNumbers(captions: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(captions, (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}
