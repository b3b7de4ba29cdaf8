import { expect, it } from 'vitest';
import { dotSteps } from '../../src/kernels/dot-steps.ts';
import { chooseIndex } from '../../src/store/choose-index.ts';
import { randomRows } from '../rows.ts';

const config = { model: 'm', dim: 8, precision: 'float32', fields: {} } as const;

/** Around a number, which all components have in common. */
function sample(middle: number, seed: number): Float32Array[] {
  const { data } = randomRows(500, 8, seed);
  return Array.from({ length: 500 }, (_, i) => data.slice(8 * i, 8 * i + 8).map((value) => value + middle));
}

it('fits rows around the mean of those that it was made for, and no others', () => {
  const index = chooseIndex(config, dotSteps, sample(3, 1));
  expect([sample(3, 2), sample(3.1, 3), sample(5, 4), sample(0, 5)].map((rows) => index.fits(rows))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(index.fits([])).toBe(true);
});

it('of rows that are stored in few bits fits any', () => {
  for (const precision of ['int8', 'uint8', 'binary', 'ubinary'] as const) {
    expect(chooseIndex({ ...config, precision }, dotSteps, []).fits([])).toBe(true);
  }
});
