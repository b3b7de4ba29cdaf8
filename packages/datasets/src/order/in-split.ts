import type { Sample } from '../sample.ts';

/** The samples of the splits named, as often as they are asked for. */
export function inSplit(samples: AsyncIterable<Sample>, ...splits: readonly string[]): AsyncIterable<Sample> {
  return {
    async *[Symbol.asyncIterator]() {
      for await (const sample of samples) {
        if (sample.split !== undefined && splits.includes(sample.split)) yield sample;
      }
    },
  };
}
