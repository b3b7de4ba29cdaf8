import { everydayWords } from '@diptych/retrieval';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/insight/reasons.ts';
import { unrelated } from '../../src/insight/words.ts';

const matrix = (...rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length] as const,
});
const zero = new Float32Array(3);

describe('reasons', () => {
  const vocabulary = { words: ['dog', 'cat', 'photo'], rows: matrix([1, 0, 0], [0, 1, 0], [0, 0, 1]) };

  it('are the nearest words, the best first', () => {
    const found = reasons(Float32Array.of(0.2, 0.8, 0), vocabulary, { mean: zero });
    expect(found.map(({ word }) => word)).toEqual(['cat', 'dog']);
    expect(found[0]!.score).toBeCloseTo(0.8, 6);
    expect(reasons(Float32Array.of(0.2, 0.8, 0), vocabulary, { mean: zero, count: 1 })).toHaveLength(1);
  });

  it('are not those near to all photos', () => {
    const mean = Float32Array.of(0, 0, 0.6);
    const found = reasons(Float32Array.of(0.4, 0, 0.6), vocabulary, { mean });
    expect(found.map(({ word }) => word)).toEqual(['dog']);
  });

  it('are near to what was looked for, too', () => {
    const query = Float32Array.of(1, 0, 0);
    const found = reasons(Float32Array.of(0.2, 0.8, 0), vocabulary, { mean: zero, query });
    expect(found.map(({ word }) => word)).toEqual(['dog']);
  });
});

describe('everyday words', () => {
  it('are distinct, and 64 of them or more are learnt from', () => {
    expect(new Set(everydayWords).size).toBe(everydayWords.length);
    expect(unrelated.length).toBeGreaterThanOrEqual(64);
  });
});
