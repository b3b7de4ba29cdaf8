import { expect } from 'vitest';

/** Every value within `rtol` of the size of the expected one, or of 1 where that is smaller. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, rtol = 1e-9): void {
  expect(got.length, 'number of values').toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(got[i]! - expected[i]!);
    if (difference <= rtol * Math.max(1, Math.abs(expected[i]!))) continue;
    expect.fail(`value ${i}: got ${got[i]}, expected ${expected[i]}, |difference| ${difference}`);
  }
}

/** Every expected number, by name. */
export function expectMetrics(got: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  const names = Object.keys(expected);
  expect(Object.keys(got)).toEqual(expect.arrayContaining(names));
  expectClose(
    names.map((name) => got[name]!),
    names.map((name) => expected[name]!),
  );
}
