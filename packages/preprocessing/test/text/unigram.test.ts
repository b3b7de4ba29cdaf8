import { atOnce } from '@diptych/core';
import { expect, it } from 'vitest';
import { unigramEncoder, type UnigramModel } from '../../src/text/unigram.ts';
import { unigramVocabulary } from '../../src/text/unigram-vocabulary.ts';

const scores = { a: -3, b: -2.5, ab: -4, ba: -4.2, aba: -6.3, bb: -5.5 };
const unknownId = 9;

const model: UnigramModel = {
  ids: new Map(Object.keys(scores).map((piece, id) => [piece, id])),
  scores: Object.values(scores),
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

it('reads its vocabulary once, the last of what stands there twice', () => {
  const list = [
    ['a', -1],
    ['b', -2],
    ['a', -3],
  ];
  const { ids, scores: own } = unigramVocabulary(list, 'vocab');
  expect([[...ids], [...own]]).toEqual([
    [
      ['a', 2],
      ['b', 1],
    ],
    [-1, -2, -3],
  ]);
  expect(unigramVocabulary(list, 'vocab').ids).toBe(ids);
  const message = expect.stringContaining('vocab[1]: expected a piece, a score');
  const wrong = () => unigramVocabulary([['a', -1], ['b']], 'vocab');
  expect(wrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
});
