import { expect, it } from 'vitest';
import { TopK } from '../src/numbers/top-k.ts';
import { seededRandom } from '../src/numbers/random.ts';

it('keeps what a full sort would, for any order of arrival and many ties', () => {
  const next = seededRandom(3);
  for (let round = 0; round < 300; round++) {
    const k = 1 + Math.floor(next() * 12);
    const all = Array.from({ length: Math.floor(next() * 60) }, (_, row) => ({ row, score: Math.floor(next() * 8) }));
    const shuffled = all.map((hit) => ({ hit, at: next() })).toSorted((a, b) => a.at - b.at);
    const top = new TopK(k);
    for (const { hit } of shuffled) top.add(hit.row, hit.score);
    expect(top.hits()).toEqual(all.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, k));
  }
});

it('accepts a score that would enter after all rows so far', () => {
  const top = new TopK(2);
  expect(top.accepts(-1)).toBe(true);
  top.add(0, 1);
  top.add(1, 2);
  expect([top.accepts(1), top.accepts(1.5)]).toEqual([false, true]);
});
