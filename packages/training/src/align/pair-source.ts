import type { Moments, Rows } from '@diptych/alignment';
import type { WordWeights } from '@diptych/preprocessing';

/** Pairs of rows of two views, some at a time. */
export interface PairSource {
  /** Pairs to learn from. */
  readonly pairs: number;
  /** What CCA needs to know of some of them. */
  readonly moments: (begin: number, end: number) => Promise<Moments>;
  /** What the result is judged on, all in memory. */
  readonly test?: () => Promise<{ readonly x: Rows; readonly y: Rows; readonly imageOf: ArrayLike<number> }>;
  /** Words of a bag with their weights, in the order of its columns. */
  readonly words?: WordWeights | undefined;
}
