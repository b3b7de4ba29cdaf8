import { given } from '@diptych/golden';
import { turnsAfterAbort } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { clipTokenizer, jsonTokenizer, type Tokenizer, vocabularyTokenizer } from '../../src/index.ts';
import { preTokenizer } from '../../src/text/pre-tokenizer.ts';
import { smallFiles } from './clip-small.ts';

const letters = 'abc ';
const vocab = { '[UNK]': 0, a: 1, '##a': 2, b: 3, c: 4, ab: 5, '▁': 6 };
const json = (model: object, rest: object = {}) => jsonTokenizer({ tokenizerJson: { model, ...rest } });
const scored = Object.keys(vocab).map((piece, i) => [piece, -i]);
const bpe = { type: 'BPE', vocab, merges: ['a b'], unk_token: '[UNK]' };
const space = { type: 'WhitespaceSplit' };

const tokenizers: Readonly<Record<string, Tokenizer>> = {
  'CLIP, as transformers': clipTokenizer(smallFiles),
  'CLIP, as OpenAI': clipTokenizer(smallFiles, { clean: 'openai' }),
  WordPiece: json({ type: 'WordPiece', unk_token: '[UNK]', vocab }, { pre_tokenizer: space }),
  Unigram: json({ type: 'Unigram', unk_id: 0, vocab: scored }, { pre_tokenizer: { type: 'Metaspace' } }),
  'BPE over characters': json(bpe),
  words: vocabularyTokenizer({ word2idx: { '<pad>': 0, '<start>': 1, '<end>': 2, '<unk>': 3, abc: 4 } }),
};

/** Texts of many lengths: words, one word, nothing. */
const texts = [letters.repeat(9), '', 'abc'.repeat(6000), letters.repeat(5000), 'b', '日本 😀'.repeat(4000)];

describe('a tokenizer in turns', () => {
  it.each(Object.entries(tokenizers))('gives the same batch: %s', async (_, tokenizer) => {
    expect(await tokenizer.inTurns(texts)).toEqual(tokenizer(texts));
  });

  it.each(Object.entries(tokenizers))('hears a signal between texts: %s', async (_, tokenizer) => {
    const many = Array.from({ length: 50 }, () => 'a '.repeat(20_000));
    expect(await turnsAfterAbort(async (signal) => tokenizer.inTurns(many, signal))).toBeLessThan(4);
  });

  it.each(['CLIP, as transformers', 'Unigram', 'BPE over characters'])('and inside a word: %s', async (name) => {
    const run = async (signal: AbortSignal) => tokenizers[name]!.inTurns(['caba'.repeat(50_000)], signal);
    expect(await turnsAfterAbort(run)).toBeLessThan(4);
  });

  it('refuses what is no text, with its place, and a signal that is aborted already', async () => {
    const tokenizer = tokenizers['words']!;
    await expect(tokenizer.inTurns(['a', given(7)])).rejects.toThrow(/a string at index 1, got number/);
    await expect(tokenizer.inTurns([], AbortSignal.abort('enough'))).rejects.toBe('enough');
  });

  it('cuts no more pieces than a row has room for', () => {
    const cut = preTokenizer({ type: 'Sequence', pretokenizers: [space, { type: 'ByteLevel' }] }, 'pre_tokenizer');
    const pieces = cut('é '.repeat(1e6), true)[Symbol.iterator]();
    expect([pieces.next().value, pieces.next().value]).toEqual(['ĠÃ©', 'ĠÃ©']);
  });
});
