import type { Preprocessor, TextBatch } from '@diptych/core';
import { given } from '@diptych/golden';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { clipTokenizer, type Tokenizer } from '../../src/index.ts';
import { ca, cat, end, letter, smallFiles, start } from './clip-small.ts';
import { rows } from './rows.ts';

describe('CLIP tokenizer, options', () => {
  it('pads to the context length, or to the longest row', () => {
    const whole = clipTokenizer(smallFiles)(['cat', 'cat cat']);
    expect(whole.shape).toEqual([2, 77]);
    const longest = clipTokenizer(smallFiles, { padding: 'longest' })(['cat', 'cat cat']);
    expect(longest.shape).toEqual([2, 4]);
    expect([...longest.ids]).toEqual([start, cat, end, end, start, cat, cat, end]);
    expect([...longest.mask]).toEqual([1, 1, 1, 0, 1, 1, 1, 1]);
  });

  it('keeps the end token when it truncates', () => {
    const short = clipTokenizer(smallFiles, { contextLength: 4 });
    expect(rows(short(['cat cat cat cat', 'b'.repeat(9)]))).toEqual([
      [start, cat, cat, end],
      [start, letter('b') - 256, letter('b') - 256, end],
    ]);
  });

  it('pads with the id that is asked for, declared, or the reference uses', () => {
    const padOf = (...args: Parameters<typeof clipTokenizer>): number => clipTokenizer(...args)(['cat']).ids.at(-1)!;
    expect(padOf(smallFiles)).toBe(end);
    expect(padOf(smallFiles, { clean: 'openai' })).toBe(0);
    expect(padOf(smallFiles, { padId: 7 })).toBe(7);
    expect(padOf({ ...smallFiles, specialTokensMap: '{"pad_token": "!"}' })).toBe(0);
    expect(padOf({ ...smallFiles, tokenizerConfig: { pad_token: { content: 'ca' } } })).toBe(ca);
  });

  it('takes the context length of the files unless told', () => {
    const files = { ...smallFiles, tokenizerConfig: { model_max_length: 16 } };
    expect(clipTokenizer(files)(['cat']).shape).toEqual([1, 16]);
    expect(clipTokenizer(files, { contextLength: 5 })(['cat']).shape).toEqual([1, 5]);
    const unlimited = { ...smallFiles, tokenizerConfig: { model_max_length: 1e30 } };
    expect(clipTokenizer(unlimited)(['cat']).shape).toEqual([1, 77]);
  });

  it('attends up to the first end token, also one spelled out in the text', () => {
    const batch = clipTokenizer(smallFiles, { contextLength: 6 })(['cat <|endoftext|> cat']);
    expect([...batch.ids]).toEqual([start, cat, end, cat, end, end]);
    expect([...batch.mask]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('finds no piece in U+0345 as OpenAI does, whose pattern ignores case', () => {
    const texts = ['cat\u0345', '\u0345', 'cat \u0345\u0345cat'];
    expect(rows(clipTokenizer(smallFiles, { clean: 'openai' })(texts))).toEqual([
      [start, cat, end],
      [start, end],
      [start, cat, cat, end],
    ]);
  });

  it('reads a special token in capitals only where the files say so', () => {
    const text = '<|STARTOFTEXT|>';
    const normalized = { content: '<|startoftext|>', normalized: true };
    const files = { ...smallFiles, specialTokensMap: { bos_token: normalized } };
    expect(rows(clipTokenizer(files)([text]))).toEqual([[start, start, end]]);
    expect(rows(clipTokenizer(smallFiles)([text]))[0]!.length).toBeGreaterThan(3);
    expect(rows(clipTokenizer(smallFiles, { clean: 'openai' })([text]))).toEqual([[start, start, end]]);
  });

  it("cleans with a function of one's own", () => {
    const encode = clipTokenizer(smallFiles, { clean: (text) => text.replaceAll('dog', 'cat') });
    expect(rows(encode(['dog']))).toEqual([[start, cat, end]]);
  });
});

describe('CLIP tokenizer, input', () => {
  it('keeps order, and gives an empty batch for no text', () => {
    const encode = clipTokenizer(smallFiles, { padding: 'longest' });
    expect(rows(encode(['b', 'cat', 'c']))).toEqual([letter('b'), cat, letter('c')].map((id) => [start, id, end]));
    expect(encode([])).toEqual({ ids: new Int32Array(0), mask: new Int32Array(0), shape: [0, 0] });
  });

  it('has ids for any string', () => {
    const encode = clipTokenizer(smallFiles);
    const bytes = [...new TextEncoder().encode('\ufffd')];
    expect(rows(encode(['']))).toEqual([[start, end]]);
    expect(rows(encode(['\ud800']))).toEqual(rows(encode(['\ufffd'])));
    expect(rows(encode(['\ud800']))[0]!.length).toBe(2 + bytes.length);
    expect(rows(encode(['\0']))[0]!.length).toBe(3);
    expect(rows(clipTokenizer(smallFiles, { clean: 'openai' })(['\0']))).toEqual([[start, end]]);
  });

  it('writes a final sigma as each reference does', () => {
    const [hf, openai] = [clipTokenizer(smallFiles), clipTokenizer(smallFiles, { clean: 'openai' })];
    expect(rows(hf(['ΟΣ']))).toEqual(rows(hf(['οσ'])));
    expect(rows(openai(['ΟΣ']))).toEqual(rows(openai(['ος'])));
  });

  it.each([
    'c'.repeat(1e6),
    'ca'.repeat(5e5),
    ' '.repeat(1e6),
    `a${'\u0301\u0323'.repeat(5e5)}`,
    '&'.repeat(1e6),
    'Ã¶'.repeat(5e5),
  ])('takes a megabyte in nearly linear time (%#)', (text) => {
    for (const clean of ['hf', 'openai'] as const) {
      const began = performance.now();
      expect(clipTokenizer(smallFiles, { clean })([text]).shape).toEqual([1, 77]);
      expect(performance.now() - began).toBeLessThan(20_000);
    }
  });

  it('refuses an item that is not text, by its index', () => {
    const encode = clipTokenizer(smallFiles);
    const items: string[] = ['cat', given(null)];
    expect(() => encode(items)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(/texts\[1\].*got null/) }),
    );
  });

  it('is a preprocessor that answers at once', () => {
    expectTypeOf<Tokenizer>().toExtend<Preprocessor<string, TextBatch>>();
    expectTypeOf(clipTokenizer(smallFiles)(['cat'])).toEqualTypeOf<TextBatch>();
  });

  it('throws the reason of an aborted signal', () => {
    const reason = new Error('enough');
    expect(() => clipTokenizer(smallFiles)(['cat'], AbortSignal.abort(reason))).toThrow(reason);
  });
});
