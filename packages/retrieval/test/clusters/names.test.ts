import { describe, expect, it } from 'vitest';
import { clusterMembers, everydayWords, nameClusters, suggestedClusters } from '../../src/index.ts';
import { rows } from '../rows.ts';

const matrix = (...values: number[][]) => rows(3, values.flat());
const refusal = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;

describe('names of clusters', () => {
  const words = { words: ['animal', 'dog', 'car'], rows: matrix([0.9, 0.3, 0.1], [1, 0, 0], [0, 0, 1]) };

  it('are distinct, and each where it fits best', () => {
    const centres = matrix([1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]);
    const names = nameClusters(centres, words);
    expect(names).toEqual(['dog', 'animal', 'car']);
  });

  it('are the tags of the user where they are as near', () => {
    const tags = { words: ['Rex', 'Dog'], rows: matrix([0.9, 0.1, 0], [0, 1, 0]) };
    expect(nameClusters(matrix([1, 0, 0], [0, 0, 1]), words, tags)).toEqual(['Rex', 'car']);
  });

  it('differ by more than their letters, and are numbers where words run out', () => {
    const tags = { words: ['DOG'], rows: matrix([1, 0, 0]) };
    const one = { words: ['dog'], rows: matrix([1, 0, 0]) };
    expect(nameClusters(matrix([1, 0, 0], [0.9, 0.1, 0], [0, 0, 1]), one, tags)).toEqual(['DOG', 'Group 2', 'Group 3']);
  });

  it('of one cluster is its nearest word', () => {
    expect(nameClusters(matrix([0, 0, 1]), words)).toEqual(['car']);
  });

  it('are refused for what is no rows', () => {
    // @ts-expect-error no rows
    expect(() => nameClusters([1, 0, 0], words)).toThrow(refusal);
    // @ts-expect-error no words
    expect(() => nameClusters(matrix([1, 0, 0]), ['dog'])).toThrow(refusal);
  });
});

it('members of clusters come nearest first, the largest cluster first', () => {
  const found = {
    cluster: Int32Array.of(0, 1, 1, 1),
    cosine: Float64Array.of(1, 0.5, 0.9, 0.5),
    centres: matrix([1, 0, 0], [0, 1, 0]),
  };
  expect(clusterMembers(found)).toEqual([
    { centre: 1, places: [2, 1, 3] },
    { centre: 0, places: [0] },
  ]);
  // @ts-expect-error no clusters
  expect(() => clusterMembers({})).toThrow(refusal);
});

it('few rows are few clusters to begin with, many no more than forty', () => {
  expect([1, 2, 24, 200, 1e6].map(suggestedClusters)).toEqual([1, 2, 4, 11, 40]);
});

it('everyday words are distinct', () => {
  expect(new Set(everydayWords).size).toBe(everydayWords.length);
});
