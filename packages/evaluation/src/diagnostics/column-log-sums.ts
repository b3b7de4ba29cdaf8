import type { Steps } from '@diptych/core';
import { eachRow, expectScores, type Scores } from '../scores.ts';

/** For each document `log Σ exp(beta · score)` over the queries, `[documents]`, in one pass and without overflow. */
export function* columnLogSums(scores: Scores, beta: number): Steps<Float64Array> {
  expectScores(scores);
  const max = new Float64Array(scores.shape[1]).fill(-Infinity);
  const sums = new Float64Array(scores.shape[1]);
  yield* eachRow(scores, (row) => {
    for (let j = 0; j < row.length; j++) {
      const value = beta * row[j]!;
      if (value > max[j]!) {
        sums[j] = sums[j]! * Math.exp(max[j]! - value) + 1;
        max[j] = value;
      } else if (value > -Infinity) sums[j]! += Math.exp(value - max[j]!);
    }
  });
  return sums.map((sum, j) => max[j]! + Math.log(sum));
}
