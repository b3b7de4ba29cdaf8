import { describe, expect, it } from 'vitest';
import { jsonTokenizer, parseTokenizer, type TokenizerFiles, type TokenizerOptions } from '../../src/index.ts';
import { byteSymbols } from '../../src/text/byte-symbols.ts';

const vocab = { '[UNK]': 0, a: 1, b: 2 };
const wordPiece = {
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: { type: 'WordPiece', unk_token: '[UNK]', vocab },
};
const unigram = {
  type: 'Unigram',
  unk_id: 0,
  vocab: [
    ['<unk>', 0],
    ['a', -1],
  ],
};

function idsOf(files: TokenizerFiles, text: string): number[] {
  return [...parseTokenizer(files, { padding: 'longest' })([text]).ids];
}

/** Ids of tokenizers 0.23.2. */
it.each<[string, object, string, number[]]>([
  ['too high', { added_tokens: [{ id: 5000, content: '<x>' }] }, 'a <x> b', [1, 3, 2]],
  ['not those of the vocabulary', { added_tokens: [{ id: 7, content: 'b' }] }, 'a b', [1, 2]],
  [
    'in no order',
    {
      added_tokens: [
        { id: 50, content: '<x>' },
        { id: 9, content: '<y>' },
      ],
    },
    'a <x> <y>',
    [1, 3, 4],
  ],
])('ids that tokenizer.json notes of added tokens do not count: %s', (_, json, text, want) => {
  expect(idsOf({ tokenizerJson: { ...wordPiece, ...json } }, text)).toEqual(want);
});

describe('a tokenizer for a network that knows fewer tokens is refused', () => {
  const added = { ...wordPiece, added_tokens: [{ id: 3, content: '<x>' }] };
  const spell = Object.fromEntries(byteSymbols.flatMap((one, i) => [[one, 2 * i] as const, [`${one}</w>`, 2 * i + 1]]));
  const clip = { vocab: { ...spell, '<|startoftext|>': 512, '<|endoftext|>': 513 }, merges: '' };
  it.each<[string, TokenizerFiles, TokenizerOptions, number]>([
    ['of a vocabulary', { tokenizerJson: wordPiece }, {}, 3],
    ['of a vocabulary, whatever a text may spell out', { tokenizerJson: added }, {}, 3],
    ['by its pad token', { tokenizerJson: added }, { padId: 3 }, 4],
    [
      'of pieces',
      { tokenizerJson: { model: unigram }, tokenizerConfig: { tokenizer_class: 'PreTrainedTokenizer' } },
      {},
      2,
    ],
    ['of CLIP', clip, {}, 514],
    ['of BERT', { vocabText: '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n' }, {}, 6],
  ])('%s', (_, files, options, size) => {
    const made = (vocabSize: number) => parseTokenizer(files, { ...options, vocabSize });
    expect(made(size)(['a']).ids.every((id) => id < size)).toBe(true);
    expect(() => made(size - 1)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: `tokenizer: expected at most the ${size - 1} tokens of the network's table, got ${size}`,
      }),
    );
  });
});

/** As tokenizers 0.23.2, also where there are bytes to fall back to. */
it.each([{ unk_id: null }, { unk_id: null, byte_fallback: true }, {}])('pieces without an unknown one: %j', (given) => {
  const { type, vocab: pieces } = unigram;
  const tokenizerJson = { model: { type, vocab: [...pieces, ['<0x7A>', -9]], ...given } };
  const tokenizer = jsonTokenizer({ tokenizerJson });
  expect([...tokenizer(['aa', '']).ids]).toEqual([1, 1, 0, 0]);
  expect(() => tokenizer(['aza'])).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(/no unk_id, got "z"/) }),
  );
});

describe('ids that no token has are refused', () => {
  const processor = { type: 'BertProcessing', cls: ['a', 1], sep: ['[SEP]', 99] };
  const model = (changed: object) => ({ tokenizerJson: { ...wordPiece, model: { ...wordPiece.model, ...changed } } });
  it.each<[string, TokenizerFiles, RegExp]>([
    ['unk_id', { tokenizerJson: { model: { ...unigram, unk_id: 2 } } }, /model.unk_id: expected an id below 2, got 2/],
    ['unk_id of 2^32', { tokenizerJson: { model: { ...unigram, unk_id: 2 ** 32 } } }, /model.unk_id/],
    ['the post-processor', { tokenizerJson: { ...wordPiece, post_processor: processor } }, /post_processor: .*below 3/],
    ['padding', { tokenizerJson: { ...wordPiece, padding: { pad_id: 3 } } }, /padding: expected ids below 3, .* got 3/],
    ['padding with 2^32', { tokenizerJson: { ...wordPiece, padding: { pad_id: 2 ** 32 } } }, /padding.pad_id/],
    ['the vocabulary', model({ vocab: { ...vocab, b: 2 ** 32 + 1 } }), /token 'b': expected an id below 67108864/],
    [
      'the vocabulary, by a fraction',
      model({ vocab: { ...vocab, b: 0.5 } }),
      /token 'b': expected an id below 67108864, got 0.5/,
    ],
    [
      'added_tokens',
      { tokenizerJson: { ...wordPiece, added_tokens: [{ id: 2 ** 32, content: '<x>' }] } },
      /added_tokens\[0\].id/,
    ],
    ['added_tokens.json', { tokenizerJson: wordPiece, addedTokens: { '<x>': 2 ** 32 } }, /added_tokens.json, <x>/],
    [
      'added_tokens_decoder',
      { tokenizerJson: wordPiece, tokenizerConfig: { added_tokens_decoder: { 4294967296: { content: '<x>' } } } },
      /added_tokens_decoder.4294967296/,
    ],
  ])('in %s', (_, files, message) => {
    expect(() => parseTokenizer(files)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
