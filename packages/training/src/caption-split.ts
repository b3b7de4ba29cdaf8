import type { Sample } from '@diptych/datasets';

/** Captioned images of one split, caption by caption. */
export interface CaptionSplit {
  readonly samples: readonly Sample[];
  readonly captions: readonly string[];
  /** Number of each caption's image among the samples. */
  readonly imageOf: Int32Array;
}

export function captionSplit(samples: readonly Sample[]): CaptionSplit {
  return {
    samples,
    captions: samples.flatMap(({ captions }) => captions),
    imageOf: Int32Array.from(samples.flatMap(({ captions }, image) => captions.map(() => image))),
  };
}
