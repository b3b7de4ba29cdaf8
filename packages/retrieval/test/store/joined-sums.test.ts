import { crc32 } from 'node:zlib';
import { seededRandom } from '@diptych/core';
import { expect, it } from 'vitest';
import { joinedSums } from '../../src/node/file-store/joined-sums.ts';

it.each([1, 7, 64, 2048])('is the checksum of rows of %i bytes one behind the other', (width) => {
  const next = seededRandom(width);
  const rows = Uint8Array.from({ length: 37 * width }, () => Math.floor(256 * next()));
  const sumsOf = (count: number) =>
    Float64Array.from({ length: count }, (_, i) => crc32(rows.subarray(i * width, (i + 1) * width)));
  const joined = joinedSums(width);
  for (const count of [0, 1, 2, 37]) expect(joined(sumsOf(count))).toBe(crc32(rows.subarray(0, count * width)));
});
