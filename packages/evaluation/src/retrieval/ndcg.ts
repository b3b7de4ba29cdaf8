import { expectDepth } from '../depth.ts';
import { type Ranking, relevantCount } from './ranking.ts';

/** What a document of a positive grade is worth. */
export type Gain = (grade: number) => number;

/** `2^grade - 1`, Burges et al. 2005. */
export const exponentialGain: Gain = (grade) => 2 ** grade - 1;

/**
 * Discounted gain of the first `k` documents over that of the best possible list of `k`, Järvelin & Kekäläinen 2002:
 * the document at rank `i` counts its gain over `log2(i + 1)`.
 *
 * @param gain Default: the grade itself, as in trec_eval and scikit-learn.
 */
export function ndcgAt(ranking: Ranking, k: number, gain: Gain = (grade) => grade): number {
  expectDepth(k, 'nDCG');
  relevantCount(ranking);
  const gains = (grades: ArrayLike<number>) => Float64Array.from(grades, (grade) => (grade > 0 ? gain(grade) : 0));
  const ideal = gains(ranking.relevant).toSorted().toReversed();
  return discounted(gains(ranking.retrieved), k) / discounted(ideal, k);
}

function discounted(gains: Float64Array, k: number): number {
  return gains.subarray(0, Math.min(k, gains.length)).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
}
