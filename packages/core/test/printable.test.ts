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
  it('has a printable message, whatever it quotes', () => {
    const error = new EmbeddingError('NOT_FOUND', 'model\u001B]0;owned\u0007: no file', { cause: 1 });
    expect(error.message).toBe(String.raw`model\x1b]0;owned\x07: no file`);
    expect(new EmbeddingError('NETWORK', 'https://me:secret@host/a@b: gone').message).toBe('https://host/a@b: gone');
    expect(error).toMatchObject({ code: 'NOT_FOUND', cause: 1, name: 'EmbeddingError' });
  });

  it('says where and what it got of a message that would be long', () => {
    const { message } = new EmbeddingError('NOT_FOUND', `model: ${'a'.repeat(1e6)}, found none`);
    expect(message).toMatch(/^model: a{3000,3500} … a{400,500}, found none$/);
    expect(message.length).toBeLessThanOrEqual(4003);
  });
});
