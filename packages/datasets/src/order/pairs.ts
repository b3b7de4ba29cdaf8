import { expectItems, expectMembers } from '@diptych/core';
import type { Sample } from '../sample.ts';
import { randomIntegers } from './random.ts';

/** One row of a training batch. */
export interface Pair {
  readonly sample: Sample;
  readonly caption: string;
  /** Place of its image among the samples, from 0. Rows of one group are never negatives of each other. */
  readonly group: number;
}

/** Every caption of an image in turn, or one of them, drawn anew for each epoch from the seed and the image's id. */
export type PairsOptions =
  | { readonly captions: 'all' }
  | { readonly captions: 'one'; readonly seed: number; readonly epoch?: number };

/** Samples as pairs of an image and a caption. Which caption is drawn does not depend on the order of the samples. */
export async function* pairs(
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  options: PairsOptions,
): AsyncGenerator<Pair> {
  expectItems(samples, 'pairs: samples');
  expectMembers(options, 'pairs: options', 'captions');
  let group = 0;
  for await (const sample of samples) {
    for (const caption of chosen(sample, options)) yield { sample, caption, group };
    group++;
  }
}

function chosen({ id, captions }: Sample, options: PairsOptions): readonly string[] {
  if (options.captions === 'all') return captions;
  const below = randomIntegers([options.seed, options.epoch ?? 0, id]);
  return [captions[below(captions.length)]!];
}
