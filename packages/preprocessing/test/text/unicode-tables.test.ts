import { atOnce } from '@diptych/core';
import { expect, it } from 'vitest';
import { addedTokenSplitter } from '../../src/text/added-tokens.ts';
import { bertNormalizer } from '../../src/text/bert-normalizer.ts';
import { codePoints, otherCodePoints } from '../../src/text/code-points.ts';
import { normalizer } from '../../src/text/normalizer.ts';
import { preTokenizer } from '../../src/text/pre-tokenizer.ts';
import {
  accent,
  bertControl,
  bertMark,
  bertPunctuation,
  letter,
  mark,
  number,
  wordCharacter,
} from '../../src/text/unicode-tables.ts';

/** Counted in Python with tokenizers 0.23.2. */
it.each([
  ['letter', 141_028, letter],
  ['mark', 2_501, mark],
  ['number', 1_911, number],
  ['wordCharacter', 144_667, wordCharacter],
  ['bertPunctuation', 726, bertPunctuation],
  ['bertMark', 1_567, bertMark],
  ['bertControl', 137_681, bertControl],
  ['accent', 2_097, accent],
])('the class %s has %i code points, and the other one the rest', (_name, count, table) => {
  const inside = new RegExp(`^[${codePoints(table)}]$`, 'u');
  const outside = new RegExp(`^[${otherCodePoints(table)}]$`, 'u');
  let [found, others] = [0, 0];
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    if (inside.test(character)) found++;
    if (outside.test(character)) others++;
  }
  expect([found, others]).toEqual([count, 0x110000 - count]);
});

it.each([
  [{ type: 'NFC' }, 'a\u0301\u{11935}\u{11930}', 'á\u{11935}\u{11930}'],
  [{ type: 'NFD' }, '\u{11938}é', '\u{11938}e\u0301'],
  [{ type: 'NFKC' }, '㋿㊿', '㋿50'],
  [{ type: 'NFD' }, 'a\u0301\u08ca\u0327', 'a\u0301\u08ca\u0327'],
  [{ type: 'StripAccents' }, 'e\u0301\u0897', 'e\u0897'],
])('%j leaves what is newer than its Unicode: %j is %j', (config, text, want) => {
  expect(atOnce(normalizer(config, 'normalizer')(text))).toBe(want);
});

it('BERT knows accents and controls of its own Unicode', () => {
  expect(bertNormalizer({})('e\u0301\u{1e6e3}\u08e2x\u0891')).toBe('e\u{1e6e3}\u08e2x\u0891');
  const cut = preTokenizer({ type: 'BertPreTokenizer' }, '');
  expect([...cut('a\u2e52b!\u166dc', true)]).toEqual(['a\u2e52b', '!', '\u166d', 'c']);
});

it('a token that is a word of its own is not sought where a word goes on', () => {
  const flags = { lstrip: false, rstrip: false, normalized: false };
  const split = addedTokenSplitter(
    [
      { ...flags, content: 'xy', id: 1, singleWord: true },
      { ...flags, content: 'x', id: 2, singleWord: false },
    ],
    (text) => text,
  );
  // Ⓐ and a zero-width joiner are of a word, ½ is not; 'x' is not found in place of 'xy'.
  const cases = ['xy', 'xya', 'éxy', 'xyⒶ', 'xy\u200d', '½xy½', 'xyxy', 'x-xy'];
  expect(cases.map((text) => [...split(text)].join('|'))).toEqual([
    '1',
    'xya',
    'éxy',
    'xyⒶ',
    'xy\u200d',
    '½|1|½',
    'xyxy',
    '2|-|1',
  ]);
});
