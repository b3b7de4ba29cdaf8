import { describeGolden, goldenJson } from '@diptych/golden';
import { seededRandom } from '@diptych/nn';
import { describe, expect, test } from 'vitest';
import { dropModalities } from '../src/index.ts';

interface Oracle {
  readonly modality_dropout: { readonly p: number; readonly u: number[][]; readonly mask: number[][] };
}

describeGolden('dropModalities', () => {
  test('follows the rule of the reference', async () => {
    const { p, u, mask } = (await goldenJson<Oracle>('oracles/fusion.json')).modality_dropout;
    const draws = u.flat().values();
    expect([...dropModalities([u.length, 2], p, () => draws.next().value!)]).toEqual(mask.flat());
  });
});

describe('dropModalities', () => {
  const n = 20_000;
  const rows = (p: number, parts = 2) => {
    const mask = dropModalities([n, parts], p, seededRandom(3));
    return Array.from({ length: n }, (_, item) => mask.subarray(item * parts, (item + 1) * parts));
  };
  const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);

  test.each([0.1, 0.5, 0.9, 1])('never drops every part, at %d', (p) => {
    expect(rows(p, 3).every((mask) => count(mask) > 0)).toBe(true);
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
    expect(rows(1, 3).every((mask) => count(mask) === 1)).toBe(true);
  });

  test('is the same for the same seed', () => {
    expect(rows(0.5)).toEqual(rows(0.5));
  });

  test.each([-0.1, 1.1, NaN])('refuses the probability %d', (p) => {
    expect(() => rows(p)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
