import { describe, expect, it } from 'vitest';
import { jsonTokenizer, siglip2Tokenizer } from '../../src/index.ts';
import { rows } from './rows.ts';

const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);
const tokens = ['<pad>', '<eos>', '<bos>', '<unk>', ...bytes, '▁', 'a', 'c', 't', 'ca', 'cat', '▁cat', '▁▁'];
const id = Object.fromEntries(tokens.map((token, i) => [token, i]));
const [pad, eos, space, cat, spaceCat] = [id['<pad>']!, id['<eos>']!, id['▁']!, id['cat']!, id['▁cat']!];

/** A vocabulary laid out as Gemma's. Expected ids below follow from its four merges. */
const json = {
  added_tokens: tokens.slice(0, 4).map((content, i) => ({ id: i, content, special: true })),
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<bos>' } }, { Sequence: { id: 'A' } }],
    special_tokens: { '<bos>': { ids: [2] } },
  },
  model: {
    type: 'BPE',
    vocab: id,
    merges: ['c a', 'ca t', '▁ cat', '▁ ▁'],
    unk_token: '<unk>',
    fuse_unk: true,
    byte_fallback: true,
  },
};

describe('SigLIP2 tokenizer', () => {
  it('lowers, merges over spaces, ends with <eos> and pads to 64 with <pad>', () => {
    const { ids, mask, shape } = siglip2Tokenizer({ tokenizerJson: json })(['CAT cat  cat']);
    const want = [cat, spaceCat, space, spaceCat, eos];
    expect(shape).toEqual([1, 64]);
    expect([...ids]).toEqual([...want, ...Array<number>(64 - want.length).fill(pad)]);
    expect([...mask]).toEqual([...want.map(() => 1), ...Array<number>(64 - want.length).fill(0)]);
  });

  it('falls back to bytes, special tokens aside', () => {
    const encode = siglip2Tokenizer({ tokenizerJson: JSON.stringify(json) });
    const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)].map((byte) => id[bytes[byte]!]!);
    expect(rows(encode(['é日', 'cat<eos>cat', '\ud800', '']))).toEqual([
      [...utf8('é日'), eos],
      [cat, eos, cat, eos],
      [...utf8('\ufffd'), eos],
      [eos],
    ]);
  });

  it('keeps <eos> when it truncates', () => {
    const encode = siglip2Tokenizer({ tokenizerJson: json }, { contextLength: 3, padding: 'longest' });
    expect(rows(encode(['cat cat cat cat']))).toEqual([[cat, spaceCat, eos]]);
  });

  it('needs its end token', () => {
    const tokenizerJson = { ...json, added_tokens: [] };
    expect(() => siglip2Tokenizer({ tokenizerJson })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/got '<eos>'/) }),
    );
  });
});

describe('BPE over characters', () => {
  const encode = (model: object, text: string): number[] => {
    const tokenizerJson = { ...json, post_processor: null, model: { ...json.model, ...model } };
    return rows(jsonTokenizer({ tokenizerJson })([text]))[0]!;
  };

  it('knows unknown characters as one or as each', () => {
    expect(encode({ byte_fallback: false }, 'éécaé')).toEqual([3, id['ca'], 3]);
    expect(encode({ byte_fallback: false, fuse_unk: false }, 'ééca')).toEqual([3, 3, id['ca']]);
    expect(encode({ byte_fallback: false, unk_token: null }, 'éca')).toEqual([id['ca']]);
  });

  it('may take a whole piece before any merge', () => {
    const merges = ['a t'].map(() => 'c a');
    expect(encode({ merges }, 'cat')).toEqual([id['ca'], id['t']]);
    expect(encode({ merges, ignore_merges: true }, 'cat')).toEqual([cat]);
  });
});
