import { expect } from 'vitest';

/** Every value within `atol` of the expected one; NaN equals NaN. The message names the worst. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, atol: number): void {
  expect(got.length, 'number of values').toBe(expected.length);
  let worst = { at: -1, difference: 0 };
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i]) || got[i] === expected[i]) continue;
    const difference = Math.abs(got[i]! - expected[i]!);
    if (!(difference <= worst.difference)) worst = { at: i, difference };
  }
  const { at, difference } = worst;
  if (!(difference <= atol)) {
    expect.fail(`value ${at}: got ${got[at]}, expected ${expected[at]}, |difference| ${difference} > ${atol}`);
  }
}
