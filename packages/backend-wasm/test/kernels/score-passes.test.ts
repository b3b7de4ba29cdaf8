import type { PairSums, ScorePasses } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

/** What a pass over scores gives, and the slopes that it wrote. */
function passOver<T>(
  scores: Float32Array,
  columns: number,
  pass: (passes: ScorePasses, x: Float32Array, slopes: Float32Array) => T,
): { readonly found: T; readonly slopes: Float32Array } {
  const before = tf.memory().numTensors;
  let found: T;
  let slopes = new Float32Array();
  tf.tidy(() => {
    const run = (x: Float32Array, to: Float32Array, passes: ScorePasses) => void (found = pass(passes, x, to));
    const [y] = runAll('DiptychRunOver', { x: tf.tensor2d(scores, [scores.length / columns, columns]) }, { run });
    slopes = y!.dataSync<'float32'>().slice();
  });
  expect(tf.memory().numTensors).toBe(before);
  return { found: found!, slopes };
}

const sizes = [
  [1, 1],
  [2, 3],
  [5, 4],
  [7, 9],
  [3, 33],
  [300, 70],
] as const;

/** Scores in `[-spread, spread)`. */
const random = (count: number, spread: number) => randomNumbers(count)(count).map((x) => spread * x);
const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

function linesOf(scores: Float32Array, columns: number, scale: number): number[][][] {
  const rows = Array.from({ length: scores.length / columns }, (_, i) =>
    Array.from(scores.subarray(i * columns, (i + 1) * columns), (score) => scale * score),
  );
  return [rows, Array.from({ length: columns }, (_, j) => rows.map((row) => row[j]!))];
}

const logSum = (line: readonly number[]) => {
  const top = Math.max(...line);
  return top + Math.log(total(line.map((x) => Math.exp(x - top))));
};

describeVariants('passes over scores', () => {
  it.each(sizes)('sum exponentials of %i rows of %i', (rows, columns) => {
    for (const [scale, spread] of [
      [1, 1],
      [14.3, 1],
      [100, 1],
      [1, 300],
    ] as const) {
      const scores = random(rows * columns, spread);
      const { found } = passOver(scores, columns, (passes, x) => passes.softmaxSums(x, columns, scale));
      for (const [i, lines] of linesOf(scores, columns, scale).entries()) {
        const { tops, sums } = [found.rows, found.columns][i]!;
        expectClose(
          tops.map((top, at) => top + Math.log(sums[at]!)),
          lines.map(logSum),
          1e-6 + scale * spread * 1e-7,
        );
      }
    }
  });

  it.each(sizes)('write the softmax of %i rows of %i both ways', (rows, columns) => {
    const [scale, weights] = [14.3, [0.5, 0.25]] as const;
    const scores = random(rows * columns, 1);
    const { found, slopes } = passOver(scores, columns, (passes, x, to) =>
      passes.softmaxSlopes(x, to, { scale, weights, sums: passes.softmaxSums(x, columns, scale) }),
    );
    const [ofRows, ofColumns] = linesOf(scores, columns, scale).map((lines) => lines.map(logSum)) as [
      number[],
      number[],
    ];
    const expected = Array.from(scores, (score, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      return 0.5 * Math.exp(scale * score - ofRows[i]!) + 0.25 * Math.exp(scale * score - ofColumns[j]!);
    });
    expectClose(slopes, expected, 1e-30, 3e-6);
    expect(Math.abs(found - total(expected.map((slope, at) => slope * scores[at]!)))).toBeLessThan(
      1e-6 * (rows + columns),
    );
  });

  it.each(sizes)('write the sigmoid of %i rows of %i', (rows, columns) => {
    for (const [first, scale, bias] of [
      [0, 10, -10],
      [2, 40, 3],
      [-1, 0.5, 0],
    ] as const) {
      const weight = 1 / rows;
      const scores = random(rows * columns, 1);
      const given = { columns, first, scale, bias, weight };
      const { found, slopes } = passOver(scores, columns, (passes, x, to) => passes.sigmoid(x, to, given));
      const costs = Array.from(scores, (score, at) => {
        const sign = Math.floor(at / columns) === first + (at % columns) ? -1 : 1;
        const logit = sign * (scale * score + bias);
        const small = Math.exp(-Math.abs(logit));
        return [Math.max(logit, 0) + Math.log1p(small), (sign * weight) / (1 + Math.exp(-logit))] as const;
      });
      expectClose(
        slopes,
        costs.map(([, slope]) => slope),
        1e-30,
        5e-6,
      );
      const along = costs.map(([, slope], at) => slope * scores[at]!);
      const all = total(along.map(Math.abs));
      expectClose([found.loss / (weight * total(costs.map(([cost]) => cost)))], [1], 1e-6);
      expectClose([found.scale, found.bias], [total(along), total(costs.map(([, slope]) => slope))], 1e-6 * (1 + all));
    }
  });

  it('keep NaN in its own lines', () => {
    const scores = Float32Array.of(1, NaN, 2, 3, 4, 5);
    const sums = passOver(scores, 3, (passes, x) => passes.softmaxSums(x, 3, 1)).found;
    const whole = ({ rows, columns }: PairSums) => [rows, columns].map((lines) => Array.from(lines.sums, Number.isNaN));
    expect(whole(sums)).toEqual([
      [true, false],
      [false, true, false],
    ]);
    const given = { columns: 3, first: 0, scale: 1, bias: 0, weight: 1 };
    const { found, slopes } = passOver(scores, 3, (passes, x, to) => passes.sigmoid(x, to, given));
    expect([found.loss, found.scale, found.bias]).toEqual([NaN, NaN, NaN]);
    expect(Array.from(slopes, Number.isNaN)).toEqual([false, true, false, false, false, false]);
  });

  it('far out are their limits', () => {
    const given = { columns: 4, first: 9, scale: 1, bias: 0, weight: 1 };
    const { slopes } = passOver(Float32Array.of(-1e30, -100, 100, 1e30), 4, (passes, x, to) =>
      passes.sigmoid(x, to, given),
    );
    expectClose(slopes, [0, 0, 1, 1], 0);
  });
});
