import { openClipClean, parseTokenizer, type TokenizerFiles } from '@diptych/preprocessing/text';

/** What a stranger's tokenizer is given. */
interface Hostile {
  readonly files: () => TokenizerFiles;
  readonly text?: () => string;
  readonly options?: Parameters<typeof parseTokenizer>[1];
  /** How it ends: a code, or how many ids there are. */
  readonly want: string | number;
}

const long = 'a'.repeat(100_000);
const vocab = { '[UNK]': 0, a: 1, '##a': 2 };
const wordPiece = { type: 'WordPiece', unk_token: '[UNK]', vocab };
const json = (changed: object): TokenizerFiles => ({ tokenizerJson: { model: wordPiece, ...changed } });
const normalizer = (value: object) => () => json({ normalizer: value });
const sequence = (normalizers: readonly object[]) => normalizer({ type: 'Sequence', normalizers });
const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const regex = (Regex: string) => normalizer(replace({ Regex }, ' '));
const plain = { tokenizer_class: 'PreTrainedTokenizerFast' };
const unigram = (pieces: readonly string[]) => ({
  tokenizerConfig: plain,
  ...json({ model: { type: 'Unigram', unk_id: 0, vocab: ['<unk>', ...pieces].map((piece) => [piece, -1]) } }),
});
const runs = (count: number) => Array.from({ length: count }, (_, i) => 'a'.repeat(i + 1));
const tokens = (count: number, changed: object = {}) =>
  json({ added_tokens: Array.from({ length: count }, (_, id) => ({ id, content: `a${id}`, ...changed })) });

function nested(depth: number, type: object, list: string): object {
  let value = type;
  for (let i = 0; i < depth; i++) value = { type: 'Sequence', [list]: [value] };
  return value;
}

/** A table of SentencePiece that makes of an `a` 300 bytes. */
function growing(): string {
  const units = new Uint32Array(256);
  [units[0], units[96], units[224]] = [1 << 10, (128 << 10) | 0x100 | 97, 0x80000000];
  const bytes = Uint8Array.from([
    0,
    4,
    0,
    0,
    ...new Uint8Array(units.buffer),
    ...Array.from({ length: 300 }, () => 98),
    0,
  ]);
  return btoa(String.fromCharCode(...bytes));
}

const template = (single: readonly object[], ids: readonly number[]) =>
  json({
    post_processor: {
      type: 'TemplateProcessing',
      single: [...single, { Sequence: {} }],
      special_tokens: { a: { ids } },
    },
  });
const special = { SpecialToken: { id: 'a' } };

export const hostile: Readonly<Record<string, Hostile>> = {
  'a repetition in a repetition': { files: regex('(a+)+$'), want: 'UNSUPPORTED' },
  'alternatives that are alike': { files: regex('(a|a)*b'), want: 'UNSUPPORTED' },
  'repetitions side by side': { files: regex('a*a*a*b'), want: 'UNSUPPORTED' },
  'a repetition and what it may not have': { files: regex('a+b'), want: 'UNSUPPORTED' },
  'spaces at the end': { files: regex(String.raw`\s+$`), text: () => ' '.repeat(100_000), want: 'UNSUPPORTED' },
  'thirty letters that may be': { files: regex(`${'a?'.repeat(30)}b`), want: 'UNSUPPORTED' },
  'a counted repetition': { files: regex('(?:a?){32}b'), want: 'UNSUPPORTED' },
  'what was found before': { files: regex(String.raw`(a)\1`), want: 'UNSUPPORTED' },
  'a pattern that matches nothing': { files: regex('b?'), want: 'UNSUPPORTED' },
  'a pattern of 100,000 characters': { files: regex('a'.repeat(100_000)), want: 'UNSUPPORTED' },
  'a pattern of many classes': { files: regex(String.raw`\p{L}`.repeat(10_000)), want: 'UNSUPPORTED' },
  'a text of 100,000 characters to replace': {
    files: normalizer(replace({ String: `${'a'.repeat(99_999)}b` }, '')),
    want: 'UNSUPPORTED',
  },
  'thirty doublings': {
    files: sequence(Array.from({ length: 30 }, () => replace({ String: 'a' }, 'aa'))),
    text: () => 'a'.repeat(10_000),
    want: 'UNSUPPORTED',
  },
  'a replacement of a megabyte': {
    files: normalizer(replace({ String: 'a' }, 'a'.repeat(1e6))),
    want: 'CONFIG_INVALID',
  },
  'a megabyte put before': { files: normalizer({ type: 'Prepend', prepend: 'a'.repeat(1e6) }), want: 'CONFIG_INVALID' },
  'bytes of bytes of bytes': {
    files: sequence(Array.from({ length: 40 }, () => ({ type: 'ByteLevel' }))),
    text: () => 'é'.repeat(1000),
    want: 'UNSUPPORTED',
  },
  'bytes of bytes of pieces': {
    files: () =>
      json({
        pre_tokenizer: { type: 'Sequence', pretokenizers: Array.from({ length: 40 }, () => ({ type: 'ByteLevel' })) },
      }),
    text: () => 'é'.repeat(1000),
    want: 'UNSUPPORTED',
  },
  'a table that grows': {
    files: normalizer({ type: 'Precompiled', precompiled_charsmap: growing() }),
    want: 'CONFIG_INVALID',
  },
  '20,000 nested normalisers': {
    files: normalizer(nested(20_000, { type: 'NFC' }, 'normalizers')),
    want: 'UNSUPPORTED',
  },
  '20,000 nested pre-tokenisers': {
    files: () => json({ pre_tokenizer: nested(20_000, { type: 'WhitespaceSplit' }, 'pretokenizers') }),
    want: 'UNSUPPORTED',
  },
  '20,000 nested post-processors': {
    files: () => json({ post_processor: nested(20_000, { type: 'ByteLevel' }, 'processors') }),
    want: 'UNSUPPORTED',
  },
  '100,000 normalisers': {
    files: sequence(Array.from({ length: 100_000 }, () => ({ type: 'NFC' }))),
    want: 'UNSUPPORTED',
  },
  'a word of 100,000 letters': {
    files: () => json({ model: { ...wordPiece, max_input_chars_per_word: 1e9 } }),
    options: { contextLength: 1e6 },
    want: 100_000,
  },
  'a word of 100,000 letters with pieces of all lengths': {
    files: () => {
      const pieces = runs(125).map((run, i) => [`##${run}b`, i + 3]);
      return json({
        model: { ...wordPiece, max_input_chars_per_word: 1e9, vocab: { ...vocab, ...Object.fromEntries(pieces) } },
      });
    },
    options: { contextLength: 1e6 },
    want: 100_000,
  },
  'a piece of 100,000 letters': {
    files: () => json({ model: { ...wordPiece, vocab: { ...vocab, [long]: 3 } } }),
    want: 'CONFIG_INVALID',
  },
  'a text of 100,000 letters, by a unigram of all lengths': {
    files: () => unigram(runs(128)),
    options: { contextLength: 1e6, padding: 'longest' },
    want: 782,
  },
  'a unigram piece of 100,000 letters': { files: () => unigram([long]), want: 'CONFIG_INVALID' },
  'a text of 100,000 letters, by merges': {
    files: () => ({
      tokenizerConfig: plain,
      ...json({
        model: { type: 'BPE', byte_fallback: true, vocab: { a: 0, aa: 1, aaaa: 2 }, merges: ['a a', 'aa aa'] },
      }),
    }),
    options: { contextLength: 1e6 },
    want: 25_000,
  },
  'rows of a thousand million ids': {
    files: () => ({ ...json({}), tokenizerConfig: { model_max_length: 1e9 } }),
    options: { padding: 'max_length' },
    want: 'CONFIG_INVALID',
  },
  'rows that may have a thousand million ids': {
    files: () => ({ ...json({}), tokenizerConfig: { model_max_length: 1e9 } }),
    text: () => 'a',
    want: 1,
  },
  '200,000 tokens that stand alone': { files: () => tokens(200_000, { single_word: true }), want: 'CONFIG_INVALID' },
  '16,000 tokens that stand alone': {
    files: () => tokens(16_000, { single_word: true }),
    text: () => 'a1 a22 ab '.repeat(10_000),
    options: { contextLength: 1e6 },
    want: 40_000,
  },
  'a token of 100,000 letters': {
    files: () => json({ added_tokens: [{ id: 3, content: long }] }),
    want: 'CONFIG_INVALID',
  },
  'a frame of a million ids': {
    files: () =>
      template(
        Array.from({ length: 1e6 }, () => special),
        [1],
      ),
    want: 'CONFIG_INVALID',
  },
  'a special token of a million ids': {
    files: () =>
      template(
        [special],
        Array.from({ length: 1e6 }, () => 1),
      ),
    want: 'CONFIG_INVALID',
  },
  'ids that wrap at 2^32': {
    files: () => json({ model: { ...wordPiece, vocab: { ...vocab, a: 2 ** 32 } } }),
    want: 'CONFIG_INVALID',
  },
  'entities of entities': {
    files: () => json({}),
    text: () => openClipClean.whitespace(`&${'amp;#38;'.repeat(12_000)}lt;`),
    want: 1,
  },
  'letters misread again and again': {
    files: () => json({}),
    text: () => openClipClean.whitespace('Ã'.repeat(50_000) + 'Ä¹'.repeat(25_000)),
    want: 1,
  },
};

/** How one ends: the code that it is refused with, or how many ids there are. */
export function outcome({ files, text = () => long, options = {} }: Hostile): string | number {
  try {
    return parseTokenizer(files(), options)([text()]).shape[1];
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}
