import { EmbeddingError, expectList, expectMembers, kindOf, quote } from '@diptych/core';
import type { Sample } from '@diptych/datasets';

/** Captioned images of one split, caption by caption. */
export interface CaptionSplit {
  readonly samples: readonly Sample[];
  readonly captions: readonly string[];
  /** Number of each caption's image among the samples. */
  readonly imageOf: Int32Array;
  /** Classes of the images, where the data have them. */
  readonly labels?: ImageLabels;
  /** The sets that the captions came from, in order, where they are weighted. */
  readonly sets?: readonly WeightedCaptions[];
}

/** So many captions of a set. */
export interface WeightedCaptions {
  readonly captions: number;
  /** How often each comes in an epoch; of less than 1 that part of them, others in the next. */
  readonly weight: number;
}

/** What images show, as numbers. */
export interface ImageLabels {
  /** In the order in which they were met; their places are the numbers. */
  readonly names: readonly string[];
  /** Number of each image's label. */
  readonly of: Int32Array;
}

/**
 * @param column Of the samples' attributes, with a label as text or a number. Default: images have no labels.
 * @throws {EmbeddingError} `INPUT_INVALID` naming the image that has none, and the column.
 */
export function captionSplit(samples: readonly Sample[], column?: string): CaptionSplit {
  expectList(samples, 'captionSplit: samples');
  for (const sample of samples) expectMembers(sample, 'captionSplit: a sample', 'captions');
  return {
    samples,
    captions: samples.flatMap(({ captions }) => captions),
    imageOf: Int32Array.from(samples.flatMap(({ captions }, image) => captions.map(() => image))),
    ...(column !== undefined && { labels: imageLabels(samples, column) }),
  };
}

/**
 * Several sets as one, each as often as its weight says.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for an image that two sets have, and for a weight that is no number from 0.
 */
export function mixedSplit(
  sets: readonly { readonly samples: readonly Sample[]; readonly weight: number }[],
  column?: string,
): CaptionSplit {
  expectList(sets, 'mixedSplit: sets');
  const setOf = new Map<string, number>();
  for (const [i, set] of sets.entries()) {
    const { samples, weight } = expectMembers(set, `mixedSplit: sets[${i}]`, 'samples');
    expectList(samples, `mixedSplit: sets[${i}]: samples`);
    if (!Number.isFinite(weight) || weight < 0) {
      const got = typeof weight === 'number' ? weight : kindOf(weight);
      throw new EmbeddingError('INPUT_INVALID', {
        where: `mixedSplit: sets[${i}]: weight`,
        expected: 'a number from 0',
        got,
      });
    }
    for (const sample of samples) {
      const { id } = expectMembers(sample, 'mixedSplit: a sample', 'captions');
      if ((setOf.get(id) ?? i) !== i) throw inTwoSets(id);
      setOf.set(id, i);
    }
  }
  const counts = sets.map(({ samples, weight }) => {
    return { captions: samples.reduce((sum, { captions }) => sum + captions.length, 0), weight };
  });
  return {
    ...captionSplit(
      sets.flatMap(({ samples }) => samples),
      column,
    ),
    sets: counts,
  };
}

function inTwoSets(id: string): EmbeddingError {
  const cure = "an 'id' tells images of one name apart";
  return new EmbeddingError('INPUT_INVALID', { where: id, expected: 'an image in one set', got: 'it in two', cure });
}

function imageLabels(samples: readonly Sample[], column: string): ImageLabels {
  const numbers = new Map<string, number>();
  const of = samples.map((sample) => {
    const name = labelOf(sample, column);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { names: [...numbers.keys()], of: Int32Array.from(of) };
}

function labelOf({ id, attributes = {} }: Sample, column: string): string {
  const label = Object.hasOwn(attributes, column) ? attributes[column] : undefined;
  if (typeof label === 'string' || typeof label === 'number' || typeof label === 'bigint') return String(label);
  const got = label === undefined || label === null ? 'none' : quote(label);
  throw new EmbeddingError('INPUT_INVALID', {
    where: `${id}: ${column}`,
    expected: 'a label as text or a number',
    got,
  });
}

/** Labels of captions: those of their images, or where these have none the images' numbers. */
export function labelsOf({ imageOf, labels }: CaptionSplit, rows: Uint32Array): Int32Array {
  return Int32Array.from(rows, (row) => (labels ? labels.of[imageOf[row]!]! : imageOf[row]!));
}
