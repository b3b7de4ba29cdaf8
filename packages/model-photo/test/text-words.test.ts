import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { baseForms } from '../src/base-forms.ts';
import { textWords, wordsOf } from '../src/text-words.ts';

const vocabulary = ['[unknown]', 'polar bear', 'bear', 'dog', 'berry', 'run', 'knife', 'café', 'hot dog'];
const words = textWords(vocabulary);

async function found(text: string): Promise<string[]> {
  const { ids, mask } = await words([text]);
  return [...ids].filter((_, i) => mask[i]).map((id) => vocabulary[id]!);
}

it('words are without case, accents, marks and possessives', () => {
  expect(wordsOf(`The Dog's CAFÉ, at no. 5 — l'été`)).toEqual(['the', 'dog', 'cafe', 'at', 'no', '5', 'l', 'ete']);
  expect(wordsOf('ｄｏｇ')).toEqual(['dog']);
  expect(wordsOf(' \n!')).toEqual([]);
});

it.each([
  ['berries', 'berry'],
  ['boxes', 'box'],
  ['dogs', 'dog'],
  ['knives', 'knif'],
  ['women', 'woman'],
  ['running', 'run'],
  ['riding', 'ride'],
  ['wrapped', 'wrap'],
])('%s may be a form of %s', (word, base) => {
  expect(baseForms(word)).toContain(base);
  expect(baseForms(word)[0]).toBe(word);
});

it('what is known stays, forms are brought back, the rest is left out', async () => {
  expect(await found('A dog running among the berries')).toEqual(['dog', 'run', 'berry']);
});

it('two words that belong together are one, and each word counts once', async () => {
  expect(await found('polar bears and a bear, hot dogs, dogs and dogs')).toEqual([
    'polar bear',
    'bear',
    'hot dog',
    'dog',
  ]);
});

it('a text of which nothing is known is the first entry', async () => {
  for (const text of ['', 'of the', 'xyzzy', '犬', '!!']) expect(await found(text)).toEqual(['[unknown]']);
});

it('texts are padded to the longest, a very long one is cut, none is no text', async () => {
  const { ids, mask, shape } = await words(['dog', 'bear run berry']);
  expect([[...ids], [...mask], shape]).toEqual([
    [3, 0, 0, 2, 5, 4],
    [1, 0, 0, 1, 1, 1],
    [2, 3],
  ]);
  const many = Array.from({ length: 1000 }, (_, i) => `w${i}x`);
  expect((await textWords(many)([many.join(' ')])).shape).toEqual([1, 512]);
  const { cut } = await textWords(many)([many.slice(0, 512).join(' '), many.slice(0, 513).join(' ')]);
  expect(cut).toEqual(Uint8Array.of(0, 1));
});

it.each([[['a']], 5, null])('%j among texts is refused by its place', (value) => {
  const refused = { code: 'INPUT_INVALID', where: 'texts[1]', expected: 'a string' };
  expect(() => words(['a', given(value)])).toThrow(expect.objectContaining(refused) as Error);
});
