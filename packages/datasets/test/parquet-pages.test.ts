import type { ColumnMetaData } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { checkPages } from '../src/formats/parquet-pages.ts';

/** A number as Thrift's compact protocol has it. */
function number(value: number): number[] {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}

interface Page {
  readonly packed?: number;
  readonly crc?: number;
  readonly values?: number;
}

const data = [...new TextEncoder().encode('123456789')];

/** A data page of nine bytes. */
function page({ packed = data.length, crc, values = 3 }: Page = {}): number[] {
  const i32 = 0x15;
  const checksum = crc === undefined ? [] : [i32, ...number(crc)];
  const head = [crc === undefined ? 0x2c : 0x1c, i32, ...number(values), 0];
  return [i32, ...number(0), i32, ...number(data.length), i32, ...number(packed), ...checksum, ...head, 0, ...data];
}

const column = { num_values: 6n, total_uncompressed_size: 100n } as ColumnMetaData;
const check = (...pages: readonly number[][]) => checkPages(Uint8Array.from(pages.flat()), column, 'file');

describe('pages of a parquet column', () => {
  it('that hold what they say are taken, with a checksum and without', () => {
    // The check value of CRC-32, 0xcbf43926.
    expect(() => check(page(), page({ crc: 0xcbf43926 | 0 }))).not.toThrow();
  });

  it.each([
    ['another checksum', [page(), page({ crc: 7 })], 'checksum'],
    ['a length that goes back', [page({ packed: -9 }), page()], 'bytes that unpack'],
    ['more bytes than are there', [page(), page({ packed: 10 })], 'bytes that unpack'],
    ['more values than the footer says', [page(), page({ values: 4 })], 'expected 6 values, found 7'],
    ['fewer', [page()], 'expected 6 values, found 3'],
    ['a number of values that is none', [page({ values: -1 })], 'number of values'],
    ['no header', [[1, 2, 3]], 'expected a page'],
  ])('with %s are refused', (_, pages, problem) => {
    const call = () => check(...pages);
    expect(call).toThrow(problem);
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
