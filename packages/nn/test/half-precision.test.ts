import { expect, test } from 'vitest';
import { fromHalf, toHalf } from '../src/half-precision.ts';

const all = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);
const isNaNBits = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;

test('every half comes back from float32 with its own bits, zeros and infinities with their signs', () => {
  const back = toHalf(fromHalf(all));
  const changed = [...all].filter((bits) => back[bits] !== bits && !isNaNBits(bits));
  expect(changed).toEqual([]);
  expect([...back].filter((bits) => isNaNBits(bits))).toHaveLength([...all].filter(isNaNBits).length);
});

test('rounds to the nearest half, ties to the even one', () => {
  const positive = [...fromHalf(all.subarray(0, 0x7c00))];
  const midpoints = Float32Array.from(positive.slice(1), (value, i) => (value + positive[i]!) / 2);
  const above = midpoints.map((value, i) => value + (positive[i + 1]! - value) / 64);
  const below = midpoints.map((value, i) => value - (value - positive[i]!) / 64);
  expect([...toHalf(midpoints)]).toEqual(positive.slice(1).map((_, i) => i + (i & 1)));
  expect([...toHalf(above)]).toEqual(positive.slice(1).map((_, i) => i + 1));
  expect([...toHalf(below)]).toEqual(positive.slice(1).map((_, i) => i));
});

test('overflows to infinity where torch does, keeps NaN', () => {
  const values = Float32Array.of(65504, 65519.996, 65520, 1e30, -1e30, Number.NaN, 2 ** -25, 2 ** -25 * 1.001);
  expect([...fromHalf(toHalf(values))]).toEqual([65504, 65504, Infinity, Infinity, -Infinity, Number.NaN, 0, 2 ** -24]);
});
