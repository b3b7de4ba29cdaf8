import { describe, expect, it } from 'vitest';
import { clipTokenizer, type TokenizerFiles } from '../../src/index.ts';
import { smallFiles, smallVocabulary } from './clip-small.ts';

const model = { type: 'BPE', end_of_word_suffix: '</w>', vocab: smallVocabulary, merges: ['c a', ['ca', 't</w>']] };

describe('CLIP tokenizer, files', () => {
  it.each<[string, TokenizerFiles, RegExp]>([
    ['no file', {}, /expected tokenizer.json, or/],
    ['half a pair', { vocab: smallVocabulary }, /expected tokenizer.json, or/],
    ['text that is not JSON', { ...smallFiles, vocab: '{' }, /^vocab.json: expected JSON/],
    ['a list for a vocabulary', { ...smallFiles, vocab: '[]' }, /^vocab.json: expected an object/],
    [
      'an id that is none',
      { ...smallFiles, vocab: { ...smallVocabulary, ca: -1 } },
      /token 'ca': expected an id below 67108864, got -1/,
    ],
    ['a byte without a symbol', { vocab: { a: 0 }, merges: '' }, /expected/],
    ['one token on a line', { ...smallFiles, merges: '#version: 0.2\nc a\nca' }, /merges.txt, line 3: expected two/],
    ['three tokens on a line', { ...smallFiles, merges: 'c a\nc a t' }, /merges.txt, line 2: expected two tokens/],
    ['an empty line', { ...smallFiles, merges: 'c a\n\nca t</w>' }, /merges.txt, line 2: expected two tokens/],
    ['a merge out of nothing', { ...smallFiles, merges: 'c a\nc zz' }, /merges.txt, line 2: .*vocabulary, got 'zz'/],
    ['a merge into nothing', { ...smallFiles, merges: 'a c' }, /merges.txt, line 1: .*vocabulary, got 'ac'/],
    ['a merge that is no pair', { tokenizerJson: { model: { ...model, merges: [['c']] } } }, /model.merges\[0\]/],
    ['a malformed line', { bpe: '#version\nc a\ncat\n' }, /bpe_simple_vocab_16e6.txt, line 3/],
    ['a special token of no id', { ...smallFiles, specialTokensMap: { eos_token: '</s>' } }, /got '<\/s>'/],
    ['a special token without text', { ...smallFiles, specialTokensMap: { eos_token: {} } }, /eos_token.content/],
    ['a context length too short', { ...smallFiles, tokenizerConfig: { model_max_length: 1 } }, /model_max_length/],
  ])('refuse %s', (_, files, message) => {
    expect(() => clipTokenizer(files)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('refuse another kind of model, by its name', () => {
    const tokenizerJson = { model: { ...model, type: 'Unigram' } };
    expect(() => clipTokenizer({ tokenizerJson })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(/got "Unigram"/) }),
    );
  });

  it('may be text or parsed, merges text or pairs', () => {
    const tokenizerJson = { model, added_tokens: [] };
    const want = clipTokenizer(smallFiles)(['a cat!']);
    expect(clipTokenizer({ tokenizerJson })(['a cat!'])).toEqual(want);
    expect(clipTokenizer({ tokenizerJson: JSON.stringify(tokenizerJson) })(['a cat!'])).toEqual(want);
    expect(clipTokenizer({ bpe: '#version\nc a\nca t</w>\n' }, { padId: want.ids.at(-1)! })(['a cat!'])).toEqual(want);
  });

  it.each([1, 2.5, NaN])('refuse a context length of %d', (contextLength) => {
    expect(() => clipTokenizer(smallFiles, { contextLength })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
