import { describe, expect, it } from 'vitest';
import { pagesOf } from '../src/formats/parquet/pages.ts';

/** A number as Thrift's compact protocol has it. */
function number(value: number): number[] {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}

interface Header {
  readonly packed?: number;
  readonly crc?: number;
  readonly values?: number;
  readonly size?: number;
}

const data = [...new TextEncoder().encode('123456789')];

/** A data page of nine bytes. */
function page({ packed = data.length, crc, values = 3, size = data.length }: Header = {}): number[] {
  const i32 = 0x15;
  const checksum = crc === undefined ? [] : [i32, ...number(crc)];
  const head = [crc === undefined ? 0x2c : 0x1c, i32, ...number(values), i32, ...number(0), 0];
  return [i32, ...number(0), i32, ...number(size), i32, ...number(packed), ...checksum, ...head, 0, ...data];
}

const read = (...pages: readonly number[][]) => pagesOf(Uint8Array.from(pages.flat()), 6, 'file', { bytes: 100 });

describe('pages of a parquet column', () => {
  it('that hold what they say are taken, with a checksum and without', () => {
    // The check value of CRC-32, 0xcbf43926.
    const found = read(page(), page({ crc: 0xcbf43926 | 0 }));
    expect(found.map(({ values, packed }) => [values, ...packed])).toEqual([
      [3, ...data],
      [3, ...data],
    ]);
  });

  it.each([
    ['another checksum', [page(), page({ crc: 7 })], 'checksum'],
    ['a length that goes back', [page({ packed: -9 }), page()], 'bytes that unpack'],
    ['more bytes than are there', [page(), page({ packed: 10 })], 'bytes that unpack'],
    ['more bytes unpacked than may be', [page({ size: 92 }), page()], 'unpack to at most 8'],
    ['more values than the footer says', [page(), page({ values: 4 })], 'expected 6 values, got 7'],
    ['fewer', [page()], 'expected 6 values, got 3'],
    ['a number of values that is none', [page({ values: -1 })], 'number of values'],
    ['no header', [[1, 2, 3]], 'expected a page'],
  ])('with %s are refused', (_, pages, problem) => {
    const call = () => read(...pages);
    expect(call).toThrow(problem);
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
