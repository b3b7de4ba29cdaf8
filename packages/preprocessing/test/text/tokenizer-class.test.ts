import { expect, it } from 'vitest';
import { parseTokenizer, type TokenizerFiles } from '../../src/index.ts';
import { rows } from './rows.ts';

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'é', 'e', 'É', 'E', '日', '本', '日本', 'x'];
const bert = {
  added_tokens: words.slice(0, 5).map((content, id) => ({ id, content, special: true })),
  normalizer: { type: 'BertNormalizer', lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: { type: 'WordPiece', unk_token: '[UNK]', vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
};
const pieces: readonly (readonly [string, number])[] = [
  ['<s>', 0],
  ['<pad>', 0],
  ['</s>', 0],
  ['<unk>', 0],
  ['▁', -2],
  ['a', -3],
  ['▁a', -1],
  ['A', -3],
  ['1', -3],
  ['①', -3],
  ['<mask>', 0],
];
const unigram = {
  added_tokens: [0, 1, 2, 3, 10].map((id) => ({ id, content: pieces[id]![0], special: true })),
  normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', prepend_scheme: 'never' },
  model: { type: 'Unigram', unk_id: 0, vocab: pieces },
};
const symbols = ['<s>', '<pad>', '</s>', '<unk>', 'a', 'b', 'Ġ', 'Ã', '©', 'ab', 'Ġa', 'Ġab', '<mask>'];
const vocab = Object.fromEntries(symbols.map((symbol, id) => [symbol, id]));
const merges = ['a b', 'Ġ a', 'Ġ ab'];
const bytes = {
  added_tokens: [0, 1, 2, 3, 12].map((id) => ({ id, content: symbols[id]!, lstrip: id === 12, special: true })),
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true },
  model: { type: 'BPE', vocab, merges },
};
const query = { content: '<q>', lstrip: true, normalized: false };
const decoder = { ...Object.fromEntries(words.slice(0, 5).map((content, id) => [id, { content }])), 13: query };

function idsOf(files: TokenizerFiles, text: string): number[] {
  return rows(parseTokenizer(files, { padding: 'longest' })([text]))[0]!;
}

/** Ids of `AutoTokenizer`, transformers 5.18. */
it.each<[object, TokenizerFiles, string, number[]]>([
  [{ tokenizer_class: 'BertTokenizer' }, {}, 'É 日本 [MASK]', [2, 6, 9, 10, 4, 3]],
  [{ tokenizer_class: 'BertTokenizer', do_lower_case: false }, {}, 'É 日本 e', [2, 7, 9, 10, 6, 3]],
  [{ tokenizer_class: 'BertTokenizerFast', strip_accents: false }, {}, 'É 日本 e', [2, 5, 9, 10, 6, 3]],
  [
    { tokenizer_class: 'BertTokenizer', do_lower_case: false, strip_accents: true },
    {},
    'É 日本 e',
    [2, 8, 9, 10, 6, 3],
  ],
  [{ tokenizer_class: 'DistilBertTokenizer', tokenize_chinese_chars: false }, {}, 'É 日本 e', [2, 6, 11, 6, 3]],
  [{ tokenizer_class: 'PreTrainedTokenizerFast', do_lower_case: false }, {}, 'É 日本 e', [6, 9, 10, 6]],
  [{ tokenizer_class: 'BertTokenizer', cls_token: 'x', sep_token: 'e' }, {}, 'É x', [12, 6, 12, 6]],
  [
    { tokenizer_class: 'BertTokenizer', added_tokens_decoder: decoder },
    { specialTokensMap: { cls_token: 'x' } },
    'e <q>x',
    [2, 6, 13, 12, 3],
  ],
  [{ tokenizer_class: 'BertTokenizer' }, { addedTokens: { '<Q>': 13 } }, 'e <q> <Q>x', [2, 6, 13, 13, 12, 3]],
  [{ tokenizer_class: 'BertTokenizer' }, { specialTokensMap: { cls_token: 'x' } }, 'e', [12, 6, 3]],
  [{ tokenizer_class: 'BertTokenizer', additional_special_tokens: ['<r>'] }, {}, 'e <r>x', [2, 6, 13, 12, 3]],
  [{ tokenizer_class: 'PreTrainedTokenizerFast', added_tokens_decoder: { 13: query } }, {}, 'e <q>x', [6, 13, 12]],
  [{}, { config: { model_type: 'bert' } }, 'a  A①b É', [2, 1, 1, 6, 3]],
])('BERT with %j and %j makes of %j %j', (tokenizerConfig, files, text, want) => {
  expect(idsOf({ tokenizerJson: bert, tokenizerConfig, ...files }, text)).toEqual(want);
});

it.each<[object, number[]]>([
  [{ tokenizer_class: 'XLMRobertaTokenizer' }, [0, 6, 4, 7, 9, 3, 2]],
  [{ tokenizer_class: 'XLMRobertaTokenizerFast', add_prefix_space: false }, [0, 5, 7, 9, 3, 2]],
  [{ tokenizer_class: 'PreTrainedTokenizerFast' }, [5, 4, 4, 7, 8, 0]],
  [{ tokenizer_class: 'T5Tokenizer' }, [6, 4, 7, 9, 2, 2]],
])('SentencePiece in tokenizer.json with %j', (tokenizerConfig, want) => {
  expect(idsOf({ tokenizerJson: unigram, tokenizerConfig }, 'a  A①b')).toEqual(want);
});

it.each<[TokenizerFiles, number[]]>([
  [{ tokenizerConfig: { tokenizer_class: 'RobertaTokenizer' } }, [0, 9, 10, 7, 8, 5, 12, 2]],
  [
    { tokenizerConfig: { tokenizer_class: 'RobertaTokenizerFast', add_prefix_space: true } },
    [0, 11, 10, 7, 8, 5, 12, 6, 2],
  ],
  [
    { tokenizerConfig: { tokenizer_class: 'RobertaTokenizer', cls_token: 'a', sep_token: 'b' } },
    [4, 4, 5, 6, 4, 7, 8, 5, 12, 5],
  ],
  [{ config: { model_type: 'roberta' } }, [0, 9, 10, 7, 8, 5, 12, 2]],
  [{ config: { model_type: 'clap' } }, [0, 9, 10, 7, 8, 5, 12, 2]],
  [{ tokenizerConfig: { tokenizer_class: 'PreTrainedTokenizerFast' } }, [11, 10, 7, 8, 5, 12, 10]],
])('BPE over bytes in tokenizer.json with %j', (files, want) => {
  expect(idsOf({ tokenizerJson: bytes, ...files }, 'ab aéb <mask>A')).toEqual(want);
});

it("RoBERTa's vocab.json and merges.txt are a tokenizer by its class", () => {
  const named = { tokenizerConfig: { tokenizer_class: 'RobertaTokenizer' }, vocab };
  const text = ['#version: 0.2', ...merges, ''].join('\n');
  expect(idsOf({ ...named, merges: text }, 'ab aéb <mask>A')).toEqual([0, 9, 10, 7, 8, 5, 6, 12, 2]);
  expect(() => parseTokenizer(named)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
