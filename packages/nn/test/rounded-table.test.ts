import { describeBackends, valuesOf } from '@diptych/testkit';
import { expect, test } from 'vitest';
import { tableCodes } from '../src/loading/rounded-table.ts';

const width = 255;
const largest = { int8: 127, int16: 32_767 } as const;

describeBackends('a table in integers', () => {
  test.each(['int8', 'int16'] as const)('%s rounds each number to the nearest step, halves upwards', async (dtype) => {
    const most = largest[dtype];
    const halves = Float32Array.from({ length: width }, (_, j) => (j - 127) / 2);
    const rows = [
      halves.fill(most, 0, 1),
      halves.map((value, j) => (j % 2 ? -value : value) / 3),
      new Float32Array(width),
    ];
    const table = tableCodes([rows.length, width], dtype);
    rows.forEach((row, i) => table.round(row, i));
    const found = await valuesOf(() => table.rows(Int32Array.of(0, 1, 2)));
    const expected = rows.flatMap((row) => {
      const step = Math.fround(row.reduce((size, value) => Math.max(size, Math.abs(value)), 0) / most);
      return Array.from(row, (value) => (step > 0 ? Math.fround(Math.round(value / step) * step) : 0));
    });
    expect(Array.from(found)).toEqual(expected.map((value) => value + 0));
  });

  test.each(['int8', 'int16'] as const)('%s keeps the signs of the least numbers that there are', async (dtype) => {
    const least = 2 ** -149;
    const sizes = Array.from({ length: 400 }, (_, i) => (dtype === 'int8' ? i + 1 : 250 * (i + 1)));
    const values = Float32Array.from(sizes.flatMap((size) => [size * least, -size * least, least]));
    const table = tableCodes([sizes.length, 3], dtype);
    table.round(values, 0);
    const found = await valuesOf(() => table.rows(Int32Array.from(sizes.keys())));
    const errors = Array.from(found, (value, i) => Math.abs(value - values[i]!) / least);
    const steps = sizes.map((size) => size / largest[dtype] + 1);
    expect(errors.filter((error, i) => error > steps[Math.floor(i / 3)]! / 2)).toEqual([]);
  });

  test.each(['int8', 'int16'] as const)('%s makes NaN of a row with a number that is not finite', async (dtype) => {
    const rows = [NaN, Infinity, -Infinity].map((value) => Float32Array.of(1, value, -2));
    const table = tableCodes([3, 3], dtype);
    table.round(Float32Array.from(rows.flatMap((row) => [...row])), 0);
    const found = await valuesOf(() => table.rows(Int32Array.of(0, 1, 2)));
    expect(Array.from(found)).toEqual(Array(9).fill(NaN));
  });
});
