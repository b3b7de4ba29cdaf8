import { parseTokenizer, type TokenizerFiles } from '@diptych/preprocessing';
import { type HostileCase, type HostileKind, nested, text } from './case.ts';

const long = 'a'.repeat(20_005);
const vocab = '{"a":0,"b":1,"<unk>":2}';
const bpe = (rest: string, merges = '') =>
  `{"model":{"type":"BPE","end_of_word_suffix":"</w>","unk_token":"<unk>","vocab":${vocab},"merges":[${merges}]}${rest}}`;

const table: readonly (readonly [name: string, files: () => TokenizerFiles, says: RegExp, code?: string])[] = [
  ['no JSON', () => ({ tokenizerJson: '{' }), /^tokenizer\.json: expected JSON/],
  ['a list', () => ({ tokenizerJson: '[]' }), /^tokenizer\.json: expected an object/],
  ['no model', () => ({ tokenizerJson: '{}' }), /^tokenizer\.json/],
  [
    'a model that is a list of a megabyte',
    () => ({ tokenizerJson: `{"model":[${'1,'.repeat(5e5)}1]}` }),
    /^tokenizer\.json, model: .*…$/,
  ],
  [
    'an unknown model',
    () => ({ tokenizerJson: `{"model":{"type":"${long}"}}` }),
    /^tokenizer\.json, model/,
    'UNSUPPORTED',
  ],
  ['100,000 levels', () => ({ tokenizerJson: `{"model":${nested(1e5)}}` }), /at most 64 levels, got more at byte/],
  [
    '20,000 nested normalizers',
    () => ({ tokenizerJson: bpe(`,"normalizer":${'{"type":"Sequence","normalizers":['.repeat(2e4)}`) }),
    /at most 64 levels/,
  ],
  [
    '20,000 nested pre-tokenizers',
    () => ({ tokenizerJson: bpe(`,"pre_tokenizer":${'{"type":"Sequence","pretokenizers":['.repeat(2e4)}`) }),
    /at most 64 levels/,
  ],
  [
    '5,000,000 merges',
    () => ({ tokenizerJson: `{"model":{"type":"BPE","vocab":{},"merges":[${'"a b",'.repeat(5e6)}"a b"]}}` }),
    /at most 4194304 values/,
  ],
  [
    'tokens of one hash',
    () => ({ tokenizerJson: `{"model":{"type":"BPE","vocab":{"${long}":0,"${long}b":1},"merges":[]}}` }),
    /keys of at most 4096 bytes/,
  ],
  [
    'pieces of one hash',
    () => ({ tokenizerJson: `{"model":{"type":"Unigram","vocab":[${`["${long}",0],`.repeat(65)}["a",0]]}}` }),
    /at most 64 strings over 4096 bytes/,
  ],
  [
    'ids that are texts',
    () => ({ tokenizerJson: '{"model":{"type":"BPE","vocab":{"a":"x"},"merges":[]}}' }),
    /^tokenizer\.json/,
  ],
  [
    'negative ids',
    () => ({ tokenizerJson: '{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}' }),
    /^tokenizer\.json/,
  ],
  ['merges that are numbers', () => ({ tokenizerJson: bpe('', '1') }), /^tokenizer\.json/],
  ['merges of no token', () => ({ tokenizerJson: bpe('', '"x y"') }), /^tokenizer\.json/],
  [
    'an unknown normalizer',
    () => ({ tokenizerJson: bpe(',"normalizer":{"type":"constructor"}') }),
    /^tokenizer\.json, normalizer/,
    'UNSUPPORTED',
  ],
  [
    'an unknown pre-tokenizer',
    () => ({ tokenizerJson: bpe(',"pre_tokenizer":{"type":"__proto__"}') }),
    /^tokenizer\.json, pre_tokenizer/,
    'UNSUPPORTED',
  ],
  [
    'added tokens that are a number',
    () => ({ tokenizerJson: bpe(',"added_tokens":7') }),
    /^tokenizer\.json, added_tokens/,
  ],
  [
    'a vocabulary of 100,000 levels',
    () => ({ vocab: nested(1e5), merges: '' }),
    /^vocab\.json: expected JSON with at most 64 levels/,
  ],
  ['a vocabulary that is a list', () => ({ vocab: '[]', merges: '' }), /^vocab\.json/],
  [
    'a configuration of 100,000 levels',
    () => ({ tokenizerJson: bpe(''), tokenizerConfig: nested(1e5) }),
    /^tokenizer_config\.json: expected JSON with at most 64/,
  ],
  ['a SentencePiece model of noise', () => ({ spiece: new Uint8Array(4096).fill(0xff) }), /spiece\.model/],
  ['a SentencePiece model cut off', () => ({ spiece: text('\n\x7f') }), /spiece\.model/],
  ...[
    '(a+)+$',
    '(a|a)*b',
    '(.*)*x',
    '(?:a|aa)+$',
    String.raw`(\w+\s?)*$`,
    '['.repeat(99_999),
    `${'(a?'.repeat(30)}${')'.repeat(30)}`,
  ].map(
    (source) =>
      [
        `the pattern ${source.slice(0, 20)}`,
        () => ({
          tokenizerJson: bpe(
            `,"pre_tokenizer":{"type":"Split","pattern":{"Regex":${JSON.stringify(source)}},"behavior":"Isolated"}`,
          ),
        }),
        /^tokenizer\.json, pre_tokenizer/,
        'UNSUPPORTED',
      ] as const,
  ),
  [
    'a text that doubles 30 times',
    () => ({
      tokenizerJson: bpe(
        `,"normalizer":{"type":"Sequence","normalizers":[${Array.from({ length: 30 }, () => '{"type":"Replace","pattern":{"String":"a"},"content":"aa"}').join()}]}`,
      ),
    }),
    /^tokenizer\.json, normalizer/,
    'UNSUPPORTED',
  ],
  ['nothing', () => ({}), /./],
];

const cases: readonly HostileCase[] = table.map(([name, files, says, code = 'CONFIG_INVALID']) => ({
  name,
  code,
  says,
  run: async () => parseTokenizer(files(), { contextLength: 8 })(['a b']),
}));

export const kind: HostileKind = {
  cases,
  async honest() {
    const json =
      '{"model":{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"[PAD]":3,"a":4}},"pre_tokenizer":{"type":"BertPreTokenizer"}}';
    parseTokenizer({ tokenizerJson: json }, { contextLength: 8 })(['a']);
  },
};
