import type { LineSums, ScorePasses } from '@diptych/core';
import type { Address } from './tfjs-inside.ts';
import type { Runtime } from './runtime.ts';

/** What is kept of lines lies in whole groups of four. */
const group = (count: number): number => Math.ceil(count / 4) * 4;

/** Room for a sum, and a largest number, of each line. */
export const passBytes = (rows: number, columns: number): number => 12 * (group(rows) + group(columns)) + 32;

/** Passes over arrays of the backend's memory, with `passBytes` of room. */
export function scorePasses({ kernels, memory: { buffer } }: Runtime, room: Address): ScorePasses {
  // Sums or factors of rows and of columns, then the largest of each.
  const lines = (rows: number, columns: number) => {
    const [first, second] = [8 * group(rows), 8 * group(columns)];
    const tops = room + first + second;
    return { sums: [room, room + first], tops: [tops, tops + first / 2] } as const;
  };
  const take = (tops: Address, sums: Address, count: number): LineSums => ({
    tops: Float64Array.from(new Float32Array(buffer, tops, count)),
    sums: new Float64Array(buffer, sums, count).slice(),
  });
  const put = (at: Address, values: Float64Array) => new Float32Array(buffer, at, values.length).set(values);
  return {
    softmaxSums(scores, columns, scale) {
      const rows = scores.length / columns;
      const { sums, tops } = lines(rows, columns);
      kernels.pairSums(scores.byteOffset, scale, rows, columns, tops[0], sums[0], tops[1], sums[1]);
      return { rows: take(tops[0], sums[0], rows), columns: take(tops[1], sums[1], columns) };
    },

    softmaxSlopes(scores, slopes, { scale, sums: { rows, columns }, weights }) {
      const counts = [rows.tops.length, columns.tops.length] as const;
      const { sums: factors, tops } = lines(...counts);
      for (const [i, { tops: largest, sums }] of [rows, columns].entries()) {
        put(tops[i]!, largest);
        put(
          factors[i]!,
          sums.map((sum) => weights[i]! / sum),
        );
      }
      const places = [tops[0], factors[0], tops[1], factors[1]] as const;
      return kernels.pairSlopes(scores.byteOffset, slopes.byteOffset, scale, ...counts, ...places);
    },

    sigmoid(scores, slopes, { columns, first, scale, bias, weight }) {
      const rows = scores.length / columns;
      const [from, to] = [scores.byteOffset, slopes.byteOffset];
      kernels.pairSigmoid(from, to, scale, bias, weight, rows, columns, first, room);
      const [costs, all, along] = new Float64Array(buffer, room, 3);
      return { loss: weight * costs!, scale: along!, bias: all! };
    },
  };
}
