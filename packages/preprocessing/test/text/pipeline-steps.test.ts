import { atOnce } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { bertNormalizer } from '../../src/text/bert-normalizer.ts';
import { charsmap } from '../../src/text/charsmap.ts';
import { normalizer } from '../../src/text/normalizer.ts';
import { postProcessor } from '../../src/text/post-processor.ts';
import { preTokenizer } from '../../src/text/pre-tokenizer.ts';

const regex = (Regex: string): object => ({ Regex });
const words = (source: string): object => ({
  type: 'Split',
  pattern: regex(source),
  behavior: 'Removed',
  invert: true,
});

describe('normalisers of tokenizer.json', () => {
  it.each<[object | null, string, string]>([
    [null, ' Aé ', ' Aé '],
    [{ type: 'NFD' }, 'é', 'e\u0301'],
    [{ type: 'NFKC' }, 'ﬁ①', 'fi1'],
    [{ type: 'Lowercase' }, 'ΑΣ', 'ασ'],
    [{ type: 'StripAccents' }, 'e\u0301', 'e'],
    [{ type: 'Strip', strip_left: false, strip_right: true }, ' a\u0085\ufeff ', ' a\u0085\ufeff'],
    [{ type: 'Strip' }, '\u0085 a\u0085 ', 'a'],
    [{ type: 'Replace', pattern: { String: '.' }, content: '$&' }, 'a.b', 'a$&b'],
    [{ type: 'Replace', pattern: regex(String.raw`\s{2,}|\#`), content: '_' }, 'a \u0085b#', 'a_b_'],
    [{ type: 'Prepend', prepend: '▁' }, 'a', '▁a'],
    [{ type: 'Prepend', prepend: '▁' }, '', ''],
    [{ type: 'Precompiled', precompiled_charsmap: null }, 'ﬁ', 'ﬁ'],
    [{ type: 'Sequence', normalizers: [{ type: 'Lowercase' }, { type: 'NFKD' }] }, 'É', 'e\u0301'],
  ])('%j makes of %j %j', (config, text, want) => {
    expect(atOnce(normalizer(config, 'normalizer')(text))).toBe(want);
  });

  it.each([
    [{}, 'É\u0000 日本\tx\u00ad', 'e  日  本  x'],
    [{ lowercase: false }, 'É', 'É'],
    [{ lowercase: false, strip_accents: true }, 'É', 'E'],
    [{ strip_accents: false }, 'É', 'é'],
    [{ handle_chinese_chars: false, clean_text: false }, '日\t', '日\t'],
  ])('BERT with %j makes of %j %j', (config, text, want) => {
    expect(bertNormalizer(config)(text)).toBe(want);
  });
});

describe('pre-tokenisers of tokenizer.json', () => {
  it.each<[object | null, string, string[]]>([
    [null, 'a b', ['a b']],
    [{ type: 'BertPreTokenizer' }, "don't $5 ¿x", ['don', "'", 't', '$', '5', '¿', 'x']],
    [{ type: 'Whitespace' }, 'a_b!? c', ['a_b', '!?', 'c']],
    [{ type: 'WhitespaceSplit' }, ' a\u0085b  c', ['a', 'b', 'c']],
    [{ type: 'Metaspace' }, 'a  b', ['▁a', '▁', '▁b']],
    [{ type: 'Metaspace', add_prefix_space: false }, 'a b', ['a', '▁b']],
    [{ type: 'Metaspace', split: false }, 'a b', ['▁a▁b']],
    [{ type: 'Metaspace' }, '▁a', ['▁a']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'Removed' }, 'a-b--c', ['a', 'b', 'c']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'Isolated' }, 'a-b--', ['a', '-', 'b', '-', '-']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'MergedWithPrevious' }, 'a-b--', ['a-', 'b-', '-']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'MergedWithNext' }, '-a--b', ['-a', '-', '-b']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'Contiguous' }, 'a--b', ['a', '--', 'b']],
    [{ type: 'Split', pattern: regex(String.raw`\d`), behavior: 'Removed', invert: true }, 'a1b23', ['1', '2', '3']],
    [words(String.raw`[\p{L}\p{N}]+`), 'aé1½\u088fb', ['aé1½', 'b']],
    [words(String.raw`\P{L}+`), 'a1\u088fb', ['1\u088f']],
    [words(String.raw`\p{^L}+`), 'a1\u088fb', ['1\u088f']],
    [words('a.+'), 'a\r\u2028b\na', ['a\r\u2028b']],
    [words(String.raw`\d+`), 'a1٣b', ['1٣']],
    [{ type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace' }] }, 'a b', ['▁a', '▁b']],
  ])('%j cuts %j into %j', (config, text, want) => {
    expect([...preTokenizer(config, 'pre_tokenizer')(text, true)]).toEqual(want);
  });

  it('refuse a pattern that asks what a word is', () => {
    expect(() => preTokenizer(words(String.raw`\w+`), 'here')).toThrow(/here.pattern: expected a pattern/);
  });

  it('may mark only the first text', () => {
    const cut = preTokenizer({ type: 'Metaspace', prepend_scheme: 'first' }, 'pre_tokenizer');
    expect([...cut('a', true), ...cut('a', false)]).toEqual(['▁a', 'a']);
  });
});

describe('post-processors of tokenizer.json', () => {
  const roberta = { type: 'RobertaProcessing', cls: ['<s>', 0], sep: ['</s>', 2] };

  it.each<[object | null, object]>([
    [null, { before: [], after: [] }],
    [roberta, { before: [0], after: [2] }],
    [
      { type: 'Sequence', processors: [{ type: 'ByteLevel' }, roberta] },
      { before: [0], after: [2] },
    ],
  ])('%j frames as %j', (config, want) => {
    expect(postProcessor(config, 'post_processor')).toEqual(want);
  });

  it('refuse a template without a text, or with an unknown token', () => {
    const template = (single: object[]): object => ({ type: 'TemplateProcessing', single, special_tokens: {} });
    for (const single of [[], [{ Sequence: {} }, { SpecialToken: { id: 'x' } }]]) {
      expect(() => postProcessor(template(single), 'post')).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    }
  });
});

it.each([[[1]], [[8, 0, 0, 0, 1, 2, 3, 4]], [[3, 0, 0, 0, 1, 2, 3]], [[0, 0, 0, 0]]])(
  'a table of bytes %j is refused',
  (bytes) => {
    expect(() => charsmap(Uint8Array.from(bytes), 'table')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  },
);
