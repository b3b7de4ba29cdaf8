import { atOnce } from '@diptych/core';
import { expect, it } from 'vitest';
import { unigramEncoder, type UnigramModel } from '../../src/text/unigram.ts';

const scores = { a: -3, b: -2.5, ab: -4, ba: -4.2, aba: -6.3, bb: -5.5 };
const unknownId = 9;

const model: UnigramModel = {
  pieces: new Map(Object.entries(scores).map(([piece, score], id) => [piece, { id, score }])),
  unknownScore: -20,
  round: (sum) => sum,
  unknown: () => [unknownId],
};

/** The best score over every segmentation. */
function bestScore(text: string): number {
  if (text === '') return 0;
  const ways = Object.entries(scores).filter(([piece]) => text.startsWith(piece));
  return Math.max(...ways.map(([piece, score]) => score + bestScore(text.slice(piece.length))));
}

it.each(['a', 'abab', 'abba', 'babab', 'aabbaabb', 'bbbab'])('no segmentation of %s is more probable', (text) => {
  const ids = atOnce(unigramEncoder(model)(text));
  const [names, values] = [Object.keys(scores), Object.values(scores)];
  expect(ids.map((id) => names[id]).join('')).toBe(text);
  expect(ids.reduce((sum, id) => sum + values[id]!, 0)).toBeCloseTo(bestScore(text), 12);
});

it('takes neighbouring unknown characters as one', () => {
  expect(atOnce(unigramEncoder(model)('x😀ayz'))).toEqual([unknownId, 0, unknownId]);
  expect(atOnce(unigramEncoder(model)(''))).toEqual([]);
});
