import { expect, it } from 'vitest';
import { topK } from '../src/top-k.ts';

it('keeps the best, and of equal ones the earlier', () => {
  const scores = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
  const kept = topK<number>(4);
  scores.forEach((score, i) => kept.add(i, score));
  expect(kept.best).toEqual([
    { value: 5, score: 9 },
    { value: 7, score: 6 },
    { value: 4, score: 5 },
    { value: 8, score: 5 },
  ]);
});

it('keeps all of fewer', () => {
  const kept = topK<string>(3);
  kept.add('a', -1);
  kept.add('b', 0);
  expect(kept.best.map(({ value }) => value)).toEqual(['b', 'a']);
});
