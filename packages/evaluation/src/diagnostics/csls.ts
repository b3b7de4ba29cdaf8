import { expectMembers, inTurns, type Steps } from '@diptych/core';
import { expectDepth } from '../depth.ts';
import { mean } from '../metrics.ts';
import { eachRow, expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { bestOf } from '../top-k.ts';

export interface CslsOptions extends SignalOption {
  /** Nearest that are averaged, at most as many as there are. Default 10, as in the paper. */
  readonly neighbours?: number;
}

/**
 * Cross-domain similarity local scaling, Conneau et al. 2018 (arXiv:1710.04087): twice the score, less the mean of the
 * query's nearest documents and of the document's nearest queries. Hubs lose their advantage.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when `neighbours < 1` or a score is NaN.
 */
export async function csls(scores: Scores, options: CslsOptions = {}): Promise<Scores> {
  expectMembers(options, 'csls: options');
  const { neighbours = 10, signal } = options;
  expectDepth(neighbours, 'csls');
  expectScores(scores);
  const { ofQuery, ofDocument } = await inTurns(nearest(scores, neighbours), signal);
  return {
    shape: scores.shape,
    block(rows, columns) {
      const width = columns[1] - columns[0];
      return scores.block(rows, columns).map((score, i) => {
        return 2 * score - ofQuery[rows[0] + Math.floor(i / width)]! - ofDocument[columns[0] + (i % width)]!;
      });
    },
  };
}

type Nearest = Readonly<Record<'ofQuery' | 'ofDocument', Float64Array>>;

/** Mean of the best scores of each query and of each document, in one pass. */
function* nearest(scores: Scores, neighbours: number): Steps<Nearest> {
  const [n, m] = scores.shape;
  const depth = Math.min(neighbours, n);
  const ofQuery = new Float64Array(n);
  const best = new Float64Array(m * depth).fill(-Infinity);
  yield* eachRow(scores, (row, query) => {
    ofQuery[query] = mean(Float64Array.from(bestOf(row, neighbours), (j) => row[j]!));
    for (let j = 0; j < m; j++) {
      const end = (j + 1) * depth;
      if (row[j]! > best[end - 1]!) insert(best.subarray(end - depth, end), row[j]!);
    }
  });
  const ofDocument = Float64Array.from({ length: m }, (_, j) => mean(best.subarray(j * depth, (j + 1) * depth)));
  return { ofQuery, ofDocument };
}

/** Puts a value that is above the last in its place among falling ones; the last drops out. */
function insert(falling: Float64Array, value: number): void {
  let at = falling.length - 1;
  while (at > 0 && falling[at - 1]! < value) at--;
  falling.copyWithin(at + 1, at);
  falling[at] = value;
}
