import type { TextBatch } from '@diptych/core';
import { paddingMask, startsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Texts of a batch, or packed: the tokens of one after those of another, `[1, tokens]`, none of them padding. */
export interface TokenRows extends Pick<TextBatch, 'ids' | 'shape'> {
  /** Of packed texts: how many tokens each has. */
  readonly lengths?: readonly number[];
  /** The place of each token in its own text, where they are not one after another in rows. */
  readonly places?: Int32Array;
}

/** The first `lengths` tokens of each text, packed where that leaves anything out. */
export function packTexts(batch: TextBatch, lengths: readonly number[]): TokenRows {
  const length = batch.shape[1];
  if (lengths.every((own) => own === length)) return batch;
  const ids = lengths.flatMap((own, i) => Array.from(batch.ids.subarray(i * length, i * length + own)));
  const places = Int32Array.from(lengths.flatMap((own) => Array.from({ length: own }, (_, place) => place)));
  return { ids: Int32Array.from(ids), shape: [1, ids.length], lengths, places };
}

/**
 * Texts as a network takes them: packed where padding stands at their ends alone, and otherwise with a mask that hides it.
 *
 * @param isWhole Never packed: what is hidden has states that are wanted.
 */
export function rowsOf(
  batch: TextBatch,
  isWhole = false,
): {
  readonly rows: TokenRows;
  /** Tokens of the longest text. */
  readonly longest: number;
  readonly hidden?: tf.Tensor4D;
} {
  const counted = isWhole ? undefined : countedLengths(batch);
  if (!counted) return { rows: batch, longest: batch.shape[1], hidden: paddingMask(batch.mask, batch.shape) };
  return { rows: packTexts(batch, counted), longest: Math.max(...counted) };
}

/** What both add to the scores of attention. */
export function bothMasks(a: tf.Tensor4D | undefined, b: tf.Tensor4D | undefined): tf.Tensor4D | undefined {
  return a && b ? tf.add(a, b) : (a ?? b);
}

/** Where the tokens of a text begin: at the place after the padding's, or at 0. */
export function firstPlace(paddingId: number | undefined): number {
  return paddingId === undefined ? 0 : paddingId + 1;
}

/** Places as RoBERTa counts them: from the one after the padding's, which all padding has. */
export function placesAfter(paddingId: number, { ids, shape: [n, length], lengths }: TokenRows): Int32Array {
  const starts = new Set(startsOf(lengths ?? Array.from({ length: n }, () => length)));
  let last = paddingId;
  return ids.map((id, i) => {
    if (starts.has(i)) last = paddingId;
    return id === paddingId ? paddingId : ++last;
  });
}

/** Tokens of each text up to the last that counts; undefined where one before it does not, or none does. */
function countedLengths({ mask, shape: [n, length] }: TextBatch): number[] | undefined {
  const lengths = Array.from({ length: n }, (_, i) => {
    const own = mask.subarray(i * length, (i + 1) * length);
    const end = own.indexOf(0);
    return end < 0 ? length : own.subarray(end).some(Boolean) ? 0 : end;
  });
  return lengths.includes(0) ? undefined : lengths;
}
