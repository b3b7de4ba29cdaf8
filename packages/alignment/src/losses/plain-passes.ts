import type { LineSums, ScorePasses } from '@diptych/core';
import { softplus } from './plain-softmax.ts';

/** In plain JavaScript, in double precision. */
export const plainPasses: ScorePasses = {
  softmaxSums(scores, columns, scale) {
    const rows = scores.length / columns;
    const sums = { rows: noSums(rows), columns: noSums(columns) };
    const lines = [sums.rows, sums.columns] as const;
    eachScore(columns, scores.length, (...places) => {
      const logit = scale * scores[places[2]]!;
      lines.forEach(({ tops }, side) => {
        if (logit > tops[places[side]!]!) tops[places[side]!] = logit;
      });
    });
    eachScore(columns, scores.length, (...places) => {
      const logit = scale * scores[places[2]]!;
      lines.forEach((line, side) => (line.sums[places[side]!]! += Math.exp(logit - line.tops[places[side]!]!)));
    });
    return sums;
  },

  softmaxSlopes(scores, slopes, { scale, sums, weights }) {
    let along = 0;
    eachScore(sums.columns.tops.length, scores.length, (i, j, at) => {
      const of = ({ tops, sums: totals }: LineSums, line: number) =>
        Math.exp(scale * scores[at]! - tops[line]!) / totals[line]!;
      slopes[at] = weights[0] * of(sums.rows, i) + weights[1] * of(sums.columns, j);
      along += slopes[at] * scores[at]!;
    });
    return along;
  },

  sigmoid(scores, slopes, { columns, first, scale, bias, weight }) {
    const total = { loss: 0, scale: 0, bias: 0 };
    eachScore(columns, scores.length, (i, j, at) => {
      const sign = i === first + j ? -1 : 1;
      const [cost, slope] = softplus(sign * (scale * scores[at]! + bias));
      const along = weight * sign * slope;
      slopes[at] = along;
      total.loss += weight * cost;
      total.scale += along * scores[at]!;
      total.bias += along;
    });
    return total;
  },
};

function noSums(count: number): LineSums {
  return { tops: new Float64Array(count).fill(-Infinity), sums: new Float64Array(count) };
}

function eachScore(columns: number, count: number, f: (i: number, j: number, at: number) => void): void {
  for (let i = 0, at = 0; at < count; i++) for (let j = 0; j < columns; j++, at++) f(i, j, at);
}
