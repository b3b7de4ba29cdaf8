import { EmbeddingError, printable } from '@diptych/core';
import { describe, expect, it } from 'vitest';

describe('printable', () => {
  it('writes out what steers a terminal', () => {
    expect(printable('a\u001B[2J\u009B1m\r\u0007\0\u007Fb')).toBe(String.raw`a\x1b[2J\x9b1m\x0d\x07\x00\x7fb`);
  });

  it('leaves every other text as it is', () => {
    const text = 'lines\n\tand tabs, \u00A0é, 漢字, 🍎, \u200D';
    expect(printable(text)).toBe(text);
  });
});

describe('EmbeddingError', () => {
  const problem = { where: 'labels', expected: 'at least one', got: 'none' };

  it('says in fields and in text where it is, what was expected and what was found', () => {
    const error = new EmbeddingError('INPUT_INVALID', { ...problem, cure: 'give --labels' }, { cause: 1 });
    expect(error).toMatchObject({ ...problem, cure: 'give --labels', cause: 1, name: 'EmbeddingError' });
    expect(error.message).toBe('labels: expected at least one, got none; give --labels');
    expect(error.code).toBe('INPUT_INVALID');
  });

  it('shows a text as it stands, what an error says, and any other value as JSON', () => {
    const gotOf = (got: unknown) => new EmbeddingError('INPUT_INVALID', { ...problem, got }).got;
    expect(["'a'", 2, [3, 4], undefined, null, { a: 'b' }].map(gotOf)).toEqual([
      "'a'",
      '2',
      '[3,4]',
      'undefined',
      'null',
      '{"a":"b"}',
    ]);
    expect([new Error('late'), new TypeError()].map(gotOf)).toEqual(['late', 'TypeError']);
  });

  it('is printable, whatever it quotes', () => {
    const got = '\u001B]0;owned\u0007';
    const error = new EmbeddingError('NETWORK', {
      where: 'https://me:secret@host/a@b',
      expected: `a ${got}`,
      got,
      cure: got,
    });
    const shown = String.raw`\x1b]0;owned\x07`;
    expect(error).toMatchObject({ where: 'https://host/a@b', expected: `a ${shown}`, got: shown, cure: shown });
    expect(error.message).toBe(`https://host/a@b: expected a ${shown}, got ${shown}; ${shown}`);
  });

  it('shows the beginning and the end of what would be long', () => {
    const { message, where, got } = new EmbeddingError('NOT_FOUND', { ...problem, where: 'a'.repeat(1e6) });
    expect(message).toMatch(/^a{3000,3500} … a{400,500}: expected at least one, got none$/);
    expect(where?.length).toBe(4003);
    expect([message.length <= 4003, got]).toEqual([true, 'none']);
  });
});
