import { describe, expect, it } from 'vitest';
import { columnMeans, crc32, floatTable, inverseNorms, seededRandom, subtractRow } from '../src/index.ts';

describe('seeded random', () => {
  it('gives the numbers of mulberry32', () => {
    const random = seededRandom(42);
    expect([random(), random(), random()].map((value) => value * 2 ** 32)).toEqual([
      2581720956, 1925393290, 3661312704,
    ]);
  });

  it('counts seeds modulo 2^32, negative ones too', () => {
    expect(seededRandom(-1)()).toBe(seededRandom(2 ** 32 - 1)());
    expect(seededRandom(2 ** 32 + 7)()).toBe(seededRandom(7)());
  });

  it.each([0.5, Number.NaN, 2 ** 53])('refuses %s', (seed) => {
    expect(() => seededRandom(seed)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

it('crc32 is that of the catalogues: CRC-32/ISO-HDLC', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

it('every half is what its bits say', () => {
  const halves = floatTable(5, 10, 'ieee');
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00].map((bits) => halves[bits])).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    2 ** -14,
    Infinity,
    -Infinity,
  ]);
  expect(halves[0x7e00]).toBeNaN();
  expect(Object.is(halves[0x8000], -0)).toBe(true);
});

describe('rows', () => {
  const rows = { data: [3, 4, 0, 0, -1, 1], shape: [3, 2] } as const;

  it('have lengths, and a zero row has none to divide by', () => {
    expect([...inverseNorms(rows)]).toEqual([1 / 5, 0, 1 / Math.sqrt(2)]);
  });

  it('have a mean, and less it have none', () => {
    const mean = columnMeans(rows);
    expect([...mean]).toEqual([2 / 3, 5 / 3]);
    expect([...columnMeans(subtractRow(rows, mean))].every((value) => Math.abs(value) < 1e-15)).toBe(true);
    expect([...subtractRow(rows, [1, 2]).data]).toEqual([2, 2, -1, -2, -2, -1]);
  });
});
