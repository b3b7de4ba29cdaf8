import { type JsonKind, parseJson, parseJsonObject } from '@diptych/core';
import { describe, expect, it } from 'vitest';

const kind: JsonKind = { code: 'CHECKPOINT_INVALID', maxBytes: 100_000, maxValues: 200, maxLong: 1 };
const bytes = (text: string) => new TextEncoder().encode(text);

const coded = expect.objectContaining({ code: 'CHECKPOINT_INVALID' }) as Error;

describe('parseJson', () => {
  it.each(['{"a":[1,"b",null,{"c":true}]}', '"{[,:"', String.raw`["\"{", "\\", "\\\"[["]`, ' 1 ', '{"é漢🍎":"🍎"}'])(
    'gives what %s holds, of bytes and of text',
    (text) => {
      expect(parseJson(bytes(text), 'f', kind)).toEqual(JSON.parse(text));
      expect(parseJson(text, 'f', kind)).toEqual(JSON.parse(text));
    },
  );

  it('takes what its kind may just hold', () => {
    expect(parseJson('['.repeat(64) + ']'.repeat(64), 'f')).toHaveLength(1);
    expect(parseJson(`[${'1,'.repeat(199)}1]`, 'f', kind)).toHaveLength(200);
    expect(parseJson(`{"${'a'.repeat(4096)}":"${'a'.repeat(9000)}"}`, 'f', kind)).toBeTypeOf('object');
    expect(parseJson(`"${'a'.repeat(99_998)}"`, 'f', kind)).toHaveLength(99_998);
  });

  const long = 'a'.repeat(4097);
  it.each([
    ['more levels', '['.repeat(65), 'f: expected JSON with at most 64 levels, got more at byte 64'],
    ['as many levels as a stack has not', '[{"a":'.repeat(10_000), /64 levels, got more at byte 192/],
    ['more items', `[${'1,'.repeat(200)}1]`, 'f: expected JSON with at most 200 values, got more at byte 400'],
    ['more objects', `[${'{}'.repeat(200)}]`, /200 values, got more at byte 399/],
    ['more keys', `{${'"a":1'.repeat(200)}}`, /200 values/],
    ['a longer key', `{"${long}" : 1}`, 'f: expected JSON with keys of at most 4096 bytes, got more at byte 4101'],
    ['more long strings', `["${long}","${long}"]`, /at most 1 strings over 4096 bytes, got more at byte 8199/],
    ['more bytes', ' '.repeat(100_001), 'f: expected at most 100000 bytes, got 100001'],
    ['no JSON', '{"a": x}', /^f: expected JSON, got '\{"a": x\}': \S/],
    ['nothing', '', /^f: expected JSON, got '': \S/],
    ['a string without end', `"a\\"`, /^f: expected JSON, got '"a\\"': \S/],
  ])('refuses %s, with the place', (_, text, message) => {
    for (const input of [text, bytes(text)]) {
      expect(() => parseJson(input, 'f', kind)).toThrow(message);
      expect(() => parseJson(input, 'f', kind)).toThrow(coded);
    }
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'f')).toThrow(/^f: expected JSON, got '"\uFFFD"': /);
  });

  it('says no more than a few lines of a text that is no JSON', () => {
    expect(() => parseJson('x'.repeat(1e7), 'f')).toThrow(/^.{1,300}$/s);
  });
});

describe('parseJsonObject', () => {
  it('refuses what is no object', () => {
    expect(parseJsonObject('{"a":1}', 'f')).toEqual({ a: 1 });
    expect(() => parseJsonObject('[1]', 'f')).toThrow("f: expected a JSON object, got '[1]'");
    expect(() => parseJsonObject('null', 'f')).toThrow("f: expected a JSON object, got 'null'");
  });
});
