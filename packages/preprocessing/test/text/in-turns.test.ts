import { atOnce, seededRandom } from '@diptych/core';
import { given } from '@diptych/golden';
import { turnsAfterAbort } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { clipTokenizer, jsonTokenizer, type Tokenizer, vocabularyTokenizer } from '../../src/index.ts';
import { normalizer } from '../../src/text/normalizer.ts';
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

/** Steps that look at letters and their marks alone. */
const cleaners: Readonly<Record<string, object>> = {
  BERT: { type: 'BertNormalizer' },
  NFC: { type: 'NFC' },
  NFD: { type: 'NFD' },
  NFKC: { type: 'NFKC' },
  NFKD: { type: 'NFKD' },
};
const cleaned = (name: string) =>
  json({ type: 'WordPiece', unk_token: '[UNK]', vocab }, { normalizer: cleaners[name] });

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

  it.each(Object.keys(cleaners))('and while a text is cleaned: %s', async (name) => {
    const run = async (signal: AbortSignal) => cleaned(name).inTurns(['这是一只狗，が한글é'.repeat(50_000)], signal);
    expect(await turnsAfterAbort(run)).toBeLessThan(4);
  });

  it.each(Object.entries(cleaners))('cleans in chunks as at once: %s', (_, config) => {
    const clean = normalizer(config, 'normalizer');
    const random = seededRandom(1);
    const signs = Array.from(
      'ab é한하ᄒ\u1161\u11ab가\u11a8かカ\u3099ｶﾞﾊﾟ日本क़\u093cÅ\u0301\u0323ỆΣς\n,🏽😀ا\u0653ﬁ１ㅏㄱ',
    );
    const text = Array.from({ length: 100_000 }, () => signs[Math.floor(random() * signs.length)]).join('');
    const pieces = text.match(/[^]{1,5000}/gu)!;
    // Each piece is short enough to be cleaned at once, and joined where a letter or a line begins.
    const lines = pieces.map((piece) => atOnce(clean(`${piece}\n`)));
    const whole = pieces.map((piece) => `${piece}\n`).join('');
    expect(atOnce(clean(whole))).toBe(lines.join(''));
    expect([...clean(whole)].length).toBeGreaterThan(5);
  });

  it('refuses what is no text, with its place, and a signal that is aborted already', async () => {
    const tokenizer = tokenizers['words']!;
    await expect(tokenizer.inTurns(['a', given(7)])).rejects.toThrow(/texts\[1\]: expected a string, got 7/);
    await expect(tokenizer.inTurns([], AbortSignal.abort('enough'))).rejects.toBe('enough');
  });

  it('cuts no more pieces than a row has room for', () => {
    const cut = preTokenizer({ type: 'Sequence', pretokenizers: [space, { type: 'ByteLevel' }] }, 'pre_tokenizer');
    const pieces = cut('é '.repeat(1e6), true)[Symbol.iterator]();
    expect([pieces.next().value, pieces.next().value]).toEqual(['ĠÃ©', 'ĠÃ©']);
  });
});
