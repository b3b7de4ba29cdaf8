import { describeGolden, goldenBytes, goldenText } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { jsonTokenizer, parseTokenizer, type TokenizerFiles } from '../../src/index.ts';
import { rows } from './rows.ts';

const wordPiece = { type: 'WordPiece', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' };
const unigram = {
  type: 'Unigram',
  unk_id: 0,
  vocab: [
    ['<unk>', 0],
    ['▁a', -1],
    ['</s>', 0],
    ['z', -2],
  ],
};
const ends = {
  type: 'TemplateProcessing',
  single: [{ Sequence: {} }, { SpecialToken: { id: 'e' } }],
  special_tokens: { e: { ids: [2] } },
};

describeGolden('parseTokenizer', () => {
  it('knows each family by its files', async () => {
    const tiny = 'oracles/tokenizers/tiny_clip_bpe';
    const text = 'a photo of a dog';
    const shapeOf = (files: TokenizerFiles): readonly number[] => parseTokenizer(files)([text]).shape;
    expect(shapeOf({ tokenizerJson: await goldenText(`${tiny}/tokenizer.json`) })).toEqual([1, 77]);
    const pair = { vocab: await goldenText(`${tiny}/vocab.json`), merges: await goldenText(`${tiny}/merges.txt`) };
    expect(shapeOf(pair)).toEqual([1, 77]);
    expect(shapeOf({ spiece: await goldenBytes('oracles/tokenizers/tiny_siglip_spm/spiece.model') })).toEqual([1, 64]);
    expect(shapeOf({ vocabText: await goldenText('oracles/tiny_bert/vocab.txt') })).toEqual([1, 7]);
    expect(shapeOf({ tokenizerJson: await goldenText('oracles/tiny_bert/tokenizer.json') })).toEqual([1, 7]);
  });
});

describe('parseTokenizer', () => {
  it('lays out rows as the class of the tokenizer says', () => {
    const tokenizerJson = { model: unigram, pre_tokenizer: { type: 'Metaspace' }, post_processor: ends };
    const shapeOf = (tokenizer_class: string): readonly number[] =>
      parseTokenizer({ tokenizerJson, tokenizerConfig: { tokenizer_class } })(['a']).shape;
    expect(parseTokenizer({ tokenizerJson })(['a']).shape).toEqual([1, 64]);
    expect(shapeOf('SiglipTokenizer')).toEqual([1, 64]);
    expect(shapeOf('PreTrainedTokenizerFast')).toEqual([1, 2]);
    expect(shapeOf('XLMRobertaTokenizer')).toEqual([1, 3]);
  });

  it('takes a model without a type for what tokenizers 0.23 takes it for', () => {
    const bare = { vocab: { '[UNK]': 0, a: 1, b: 2, ab: 3 }, unk_token: '[UNK]' };
    const word = { ...bare, continuing_subword_prefix: '##', max_input_chars_per_word: 9 };
    const pieces = { vocab: unigram.vocab, unk_id: 0 };
    const idsOf = (model: object): number[] => [...jsonTokenizer({ tokenizerJson: { model } })(['ab']).ids];
    expect(idsOf(word)).toEqual([3]);
    expect(idsOf({ ...bare, merges: ['a b'] })).toEqual([3]);
    expect(idsOf({ ...word, continuing_subword_prefix: null, merges: [] })).toEqual([1, 2]);
    expect(idsOf(pieces)).toEqual([0]);
    expect(() => idsOf(bare)).toThrow(/got WordLevel/);
    expect(parseTokenizer({ tokenizerJson: { model: word } })(['ab']).shape).toEqual([1, 1]);
  });

  it('passes options on, and reads the pad token and the length', () => {
    const tokenizerJson = { model: wordPiece, added_tokens: [{ id: 1, content: 'a' }] };
    const files = { tokenizerJson, tokenizerConfig: { model_max_length: 4, pad_token: 'a' } };
    expect([...parseTokenizer(files, { padding: 'max_length' })(['b']).ids]).toEqual([0, 1, 1, 1]);
    expect(parseTokenizer(files, { padding: 'max_length', contextLength: 2 })(['b']).shape).toEqual([1, 2]);
    const padding = { pad_id: 1 };
    const padded = parseTokenizer(
      { tokenizerJson: { model: wordPiece, padding } },
      { padding: 'max_length', contextLength: 2 },
    );
    expect([...padded(['b']).ids]).toEqual([0, 1]);
  });

  it.each<[string, TokenizerFiles, RegExp]>([
    [
      'BPE over neither bytes nor words',
      { tokenizerJson: { model: { type: 'BPE' } } },
      /CLIP, ModernBERT .* BERT .* SigLIP .* got BPE without/,
    ],
    ['a word-level model', { tokenizerJson: { model: { type: 'WordLevel' } } }, /got "WordLevel"/],
    ['a model of a long type', { tokenizerJson: { model: { type: 'x'.repeat(4000) } } }, /^.{120,400}$/],
    ['a normaliser', { tokenizerJson: { model: wordPiece, normalizer: { type: 'Nmt' } } }, /normalizer: .* got Nmt/],
    ['a pre-tokeniser', { tokenizerJson: { model: wordPiece, pre_tokenizer: { type: 'Digits' } } }, /got Digits/],
    ['a post-processor', { tokenizerJson: { model: wordPiece, post_processor: { type: 'Xyz' } } }, /got Xyz/],
    [
      'a pattern that JavaScript lacks',
      {
        tokenizerJson: { model: wordPiece, normalizer: { type: 'Replace', pattern: { Regex: '(?>a)' }, content: '' } },
      },
      /pattern: .*got \(\?>a\)/,
    ],
  ])('refuses %s by its name', (_, files, message) => {
    expect(() => parseTokenizer(files)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, TokenizerFiles, RegExp]>([
    ['nothing', {}, /expected tokenizer.json/],
    ['no model', { tokenizerJson: {} }, /tokenizer.json, model: expected an object/],
    ['a piece without a score', { tokenizerJson: { model: { ...unigram, vocab: [['a']] } } }, /model.vocab\[0\]/],
    ['a lost unknown token', { tokenizerJson: { model: { ...wordPiece, unk_token: '?' } } }, /unk_token: .*got '\?'/],
    ['bytes that are no model', { spiece: Uint8Array.of(255, 255) }, /spiece.model: expected a protobuf/],
    ['a model of no pieces', { spiece: new Uint8Array() }, /spiece.model: expected pieces/],
    ['a field longer than its file', { spiece: Uint8Array.of(10, 100, 1) }, /at byte 2/],
  ])('refuses %s', (_, files, message) => {
    expect(() => parseTokenizer(files)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('has rows for the ids of a text', () => {
    expect(
      rows(
        parseTokenizer({ tokenizerJson: { model: wordPiece, pre_tokenizer: { type: 'WhitespaceSplit' } } })(['a b']),
      ),
    ).toEqual([[1, 0]]);
  });
});
