import { parquet } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import type { Leaf } from '../src/formats/parquet/leaf.ts';
import type { Room } from '../src/formats/parquet/pages.ts';
import { eachRun } from '../src/formats/parquet/runs.ts';
import { unsnappy } from '../src/formats/parquet/snappy.ts';
import { checkValues } from '../src/formats/parquet/values.ts';
import { all, filesOf } from './files.ts';

describe('a block of Snappy', () => {
  const unpacked = (size: number, ...bytes: number[]) => {
    const out = new Uint8Array(size);
    unsnappy(Uint8Array.from([size, ...bytes]), out);
    return [...out];
  };

  it('is runs and copies, that may repeat what they write', () => {
    expect(unpacked(9, 0x08, 1, 2, 3, 0x01, 2, 0x04, 7, 8)).toEqual([1, 2, 3, 2, 3, 2, 3, 7, 8]);
    expect(unpacked(5, 0xf0, 1, 5, 6, 0x0a, 1, 0)).toEqual([5, 6, 6, 6, 6]);
  });

  it.each([
    ['a run of 2^32 bytes, which goes back where it is taken for a signed number', [0xfc, 0xf0, 0xff, 0xff, 0xff, 1]],
    ['a run beyond the end', [0x14, 1, 2, 3]],
    ['a copy from before the beginning', [0x08, 1, 2, 3, 0x01, 4]],
    ['a copy of itself', [0x08, 1, 2, 3, 0x01, 0]],
    ['a copy that is cut off', [0x08, 1, 2, 3, 0x02, 1]],
    ['more than it says', [0x08, 1, 2, 3, 0x15, 1]],
    ['less than it says', [0x08, 1, 2, 3]],
  ])('with %s is refused', (_, bytes) => {
    expect(() => unpacked(7, ...bytes)).toThrow(RangeError);
  });
});

describe('runs of levels and indices', () => {
  const runs = (count: number, width: number, ...bytes: number[]) => {
    const found: number[] = [];
    eachRun(Uint8Array.from(bytes), { width, count }, (value, times) =>
      found.push(...Array.from({ length: times }, () => value)),
    );
    return found;
  };

  it('are values many times, and packed bits', () => {
    // The example of parquet's Encodings.md: 0 to 7 in three bits each.
    expect(runs(11, 3, 0x06, 5, 0x03, 0x88, 0xc6, 0xfa)).toEqual([5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    ['a run of millions where three are left', 3, 1, [0x80, 0x80, 0x80, 0x08, 1]],
    ['bits beyond the end', 20, 1, [0x07, 1]],
    ['a number without an end', 3, 1, Array.from({ length: 12 }, () => 0xff)],
    ['values of 32 bits', 1, 32, [0x02, 0, 0, 0, 0]],
    ['less than there must be', 9, 1, [0x06, 1]],
  ])('with %s are refused', (_, count, width, bytes) => {
    expect(() => runs(count, width, ...bytes)).toThrow(RangeError);
  });
});

const leaf: Leaf = {
  type: 'BYTE_ARRAY',
  width: 0,
  repetition: 0,
  definition: 0,
  lists: [0],
  longest: Infinity,
  depth: 1,
};
const fixed: Leaf = { ...leaf, type: 'FIXED_LEN_BYTE_ARRAY', width: 2 };
/** DELTA_BINARY_PACKED of one number, and of two in a block of 32 whose differences have no bits. */
const one = (value: number): number[] => [0x20, 1, 1, value * 2];
const two = (first: number, step: number): number[] => [0x20, 1, 2, first * 2, step * 2, 0];

describe('values of a page', () => {
  const check = (
    encoding: number,
    count: number,
    bytes: readonly number[],
    more: { leaf?: Leaf; words?: number; room?: Room } = {},
  ) =>
    checkValues({
      bytes: Uint8Array.from(bytes),
      encoding,
      count,
      leaf,
      words: undefined,
      room: { bytes: 100 },
      ...more,
    });

  it.each([
    ['texts with their lengths', 0, 2, [1, 0, 0, 0, 65, 0, 0, 0, 0]],
    ['texts behind their lengths', 6, 1, [...one(2), 65, 66]],
    ['texts that begin as the one before', 7, 2, [...two(0, 1), ...two(1, 0), 65, 66]],
  ])('that are %s are taken', (_, encoding, count, bytes) => {
    expect(() => check(encoding, count, bytes)).not.toThrow();
  });

  it.each([
    ['a text beyond the page', 0, 1, [9, 0, 0, 0, 65], {}],
    ['a text less', 0, 2, [1, 0, 0, 0, 65], {}],
    ['a text more', 0, 1, [0, 0, 0, 0, 65], {}],
    ['an index beyond the dictionary', 8, 4, [2, 0x08, 3], { words: 3 }],
    ['an index without a dictionary', 8, 4, [2, 0x08, 3], {}],
    ['lengths beyond the page', 6, 1, [...one(3), 65, 66], {}],
    ['a length below 0', 6, 2, [...two(1, 0).slice(0, 4), 3, 0], {}],
    ['a beginning of more than the one before has', 7, 1, [...one(2), ...one(0)], {}],
    [
      'beginnings that grow without end',
      7,
      2,
      [...two(0, 60), ...two(60, 0), ...Array.from({ length: 120 }, () => 65)],
      { room: { bytes: 59 } },
    ],
    ['fixed values of another width', 7, 1, [...one(0), ...one(1), 65], { leaf: fixed }],
    ['blocks of none', 5, 2, [0, 0, 2, 0], { leaf: { ...leaf, type: 'INT32' } }],
    ['an encoding that there is not', 4, 1, [0], {}],
  ])('with %s are refused', (_, encoding, count, bytes, more) => {
    expect(() => check(encoding, count, bytes, more)).toThrow(RangeError);
  });
});

describe('a footer', () => {
  const read = async (...footer: number[]) => {
    const size = [footer.length & 255, footer.length >> 8, 0, 0];
    const bytes = Uint8Array.from([80, 65, 82, 49, ...footer, ...size, 80, 65, 82, 49]);
    return all(parquet(filesOf({ x: bytes }), ['x']));
  };
  const times = (count: number, ...bytes: number[]) => Array.from({ length: count }, () => bytes).flat();

  it.each([
    ['lists that claim thirty millions each', times(40, 0x19, 0xf9, 0x80, 0x87, 0xa7, 0x0e)],
    ['a number without an end', [0x16, ...times(30_000, 0xff), 1, 0]],
    ['structures of a thousand levels', times(1000, 0x1c)],
    ['lists of a thousand levels', [0x19, ...times(1000, 0x19), 0]],
    ['a schema of 5,000 elements', [0x29, 0xfc, 0x88, 0x27, ...times(5000, 0), 0]],
    ['no schema', [0]],
  ])('with %s is refused', async (_, footer) => {
    await expect(read(...footer)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('set/x'),
    });
  });
});
