import { quote } from '@diptych/core';
import { describe, expect, it } from 'vitest';

describe('quote', () => {
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [true, 'true'],
    ['a "b"\n', String.raw`"a \"b\"\n"`],
    [[], '[]'],
    [{}, '{}'],
    [[1, [2], { a: 'b' }], '[1,[2],{"a":"b"}]'],
    [{ a: { 'b c': [null] }, d: -1 }, '{"a":{"b c":[null]},"d":-1}'],
  ])('shows %j as %s', (value, text) => {
    expect(quote(value)).toBe(text);
  });

  it('cuts what is long after 80 letters', () => {
    expect(quote('a'.repeat(200))).toBe(`"${'a'.repeat(79)}…`);
    expect(quote('a'.repeat(78))).toBe(`"${'a'.repeat(78)}"`);
    expect(quote({ ['k'.repeat(200)]: 1 })).toBe(`{"${'k'.repeat(78)}…`);
    expect(quote(Array.from({ length: 1e6 }, () => 1))).toBe(`[${'1,'.repeat(39)}1…`);
  });

  it('shows the beginning of what is deep, and of what holds itself', () => {
    let deep: unknown[] = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(quote(deep)).toBe(`${'['.repeat(80)}…`);
    const circle: Record<string, unknown> = {};
    circle['a'] = circle;
    expect(quote(circle)).toBe(`${'{"a":'.repeat(16)}…`);
  });
});
