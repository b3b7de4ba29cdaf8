import { expect, test } from 'vitest';
import { seededRandom } from '@diptych/core';
import { constant, normal, ones, uniform, xavierUniform, zeros } from '../src/index.ts';

const size = 20_000;
const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values: Float32Array) => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2)));
};

test('random numbers are uniform, below one and the same for the same seed', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Float32Array.from({ length: size }, random);
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
  expect(draw(3).every((v) => v >= 0 && v < 1)).toBe(true);
  expect(mean(draw(3))).toBeCloseTo(0.5, 2);
  expect(deviation(draw(3))).toBeCloseTo(Math.sqrt(1 / 12), 2);
});

test('initialisers have the moments they promise', () => {
  expect(deviation(normal(2)(size, seededRandom(1)))).toBeCloseTo(2, 1);
  expect(mean(uniform(1, 3)(size, seededRandom(1)))).toBeCloseTo(2, 1);
  expect(deviation(xavierUniform(100, 300)(size, seededRandom(1)))).toBeCloseTo(Math.sqrt(2 / 400), 3);
  expect([...zeros(2, Math.random), ...ones(2, Math.random), ...constant(7)(1, Math.random)]).toEqual([0, 0, 1, 1, 7]);
});

test('normal numbers are finite whatever is drawn', () => {
  expect(normal(1)(2, () => 0).every(Number.isFinite)).toBe(true);
  expect(normal(1)(2, () => 1 - Number.EPSILON).every(Number.isFinite)).toBe(true);
});
