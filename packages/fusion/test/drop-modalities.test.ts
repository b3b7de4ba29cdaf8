import { seededRandom } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, test } from 'vitest';
import { dropModalities } from '../src/index.ts';

interface Oracle {
  readonly modality_dropout: { readonly p: number; readonly u: number[][]; readonly mask: number[][] };
}

describeGolden('dropModalities', () => {
  test('follows the rule of the reference', async () => {
    const { p, u, mask } = (await goldenJson<Oracle>('oracles/fusion.json')).modality_dropout;
    const draws = u.flat().values();
    const { x, y } = dropModalities({ n: u.length, parts: { y: 1, x: 1 } }, p, () => draws.next().value!);
    expect(mask).toEqual(u.map((_, item) => [x[item], y[item]]));
  });
});

describe('dropModalities', () => {
  const n = 20_000;
  const two = { text: 4, image: 5 };
  const three = { ...two, sound: 3 };
  const rows = (p: number, parts: Readonly<Record<string, number>> = two) => {
    const present = Object.values(dropModalities({ n, parts }, p, seededRandom(3)));
    return Array.from({ length: n }, (_, item) => present.map((keeps) => keeps[item]!));
  };
  const count = (mask: readonly number[]) => mask.reduce((sum, value) => sum + value, 0);

  test.each([0.1, 0.5, 0.9, 1])('never drops every part, at %d', (p) => {
    expect(rows(p, three).every((mask) => count(mask) > 0)).toBe(true);
  });

  test('drops one of two parts as often as the probability says', () => {
    const p = 0.3;
    const dropped = rows(p).filter((mask) => mask[0] === 0).length / n;
    // Alone p (1 - p), and half of the p² in which both would go. Four standard deviations.
    const expected = p * (1 - p) + (p * p) / 2;
    expect(Math.abs(dropped - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / n));
  });

  test('drops nothing at 0, and all but one at 1', () => {
    expect(rows(0).every((mask) => count(mask) === 2)).toBe(true);
    expect(rows(1, three).every((mask) => count(mask) === 1)).toBe(true);
  });

  test('is the same for the same seed, in whatever order parts are listed', () => {
    const draw = (parts: typeof two) => dropModalities({ n, parts }, 0.5, seededRandom(3));
    expect(draw(two)).toEqual(draw(two));
    expect(draw({ image: 5, text: 4 })).toEqual(draw(two));
  });

  test.each([-0.1, 1.1, NaN])('refuses the probability %d', (p) => {
    expect(() => rows(p)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
