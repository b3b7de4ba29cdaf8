import { configReader, mostLayers } from '@diptych/core';
import { describe, expect, it } from 'vitest';

describe('a count of a configuration', () => {
  it('is what the field says, or the fallback', () => {
    const config = configReader({ layers: 12, widths: [1, 2 ** 24], none: null }, 'c.json');
    expect(config.count('layers', 3, mostLayers)).toBe(12);
    expect(config.count('none', 3)).toBe(3);
    expect(config.counts('widths')).toEqual([1, 2 ** 24]);
    expect(config.counts('none')).toEqual([]);
  });

  it.each([
    [0, 'c.json: layers: expected a whole number of at least 1, got 0'],
    [1.5, 'c.json: layers: expected a whole number of at least 1, got 1.5'],
    [1e9, 'c.json: layers: expected at most 1024, got 1000000000'],
    [1025, 'c.json: layers: expected at most 1024, got 1025'],
    [2 ** 60, 'c.json: layers: expected a whole number of at least 1, got 1152921504606847000'],
  ])('is refused where it is %s layers', (layers, message) => {
    const config = configReader({ layers }, 'c.json');
    expect(() => config.count('layers', 1, mostLayers)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message }) as Error,
    );
  });

  it('is refused where nothing that is made could be as large', () => {
    const config = configReader({ vocab: 2 ** 24 + 1, depths: [2, 2000], many: Array(65).fill(1) }, 'c.json');
    expect(() => config.count('vocab')).toThrow('c.json: vocab: expected at most 16777216, got 16777217');
    expect(() => config.counts('depths', mostLayers)).toThrow(
      'c.json: depths: expected at most 64 numbers of at most 1024, got [2,2000]',
    );
    expect(() => config.counts('many')).toThrow(
      /^c.json: many: expected at most 64 numbers of at most 16777216, got \[1,1/,
    );
  });

  it('quotes what it got, however large, in a line', () => {
    const config = configReader({ dim: Array(1e6).fill('a'.repeat(100)) }, 'c.json');
    expect(() => config.count('dim')).toThrow(/^.{1,200}$/);
  });
});
