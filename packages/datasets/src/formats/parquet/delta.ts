import { bitsAt } from './runs.ts';
import { varint, zigzag } from './thrift.ts';

/**
 * Visits the numbers of DELTA_BINARY_PACKED, from `reader.at` on. Throws `RangeError` where they are not `count`, or not whole.
 *
 * @param visit Of numbers of 32 bits; without it they may have 64, and are passed over.
 */
export function eachDelta(
  reader: { readonly bytes: Uint8Array; at: number },
  count: number,
  visit?: (value: number) => void,
): void {
  const [blockSize, blocks, total] = [varint(reader), varint(reader), varint(reader)];
  const size = blockSize / blocks;
  if (!(Number.isInteger(size) && size > 0 && size % 8 === 0 && blocks <= reader.bytes.length))
    throw new RangeError(`blocks of ${blockSize} in ${blocks}`);
  if (total !== count) throw new RangeError(`expected ${count} numbers, got ${total}`);
  let value = zigzag(reader);
  if (count > 0) visit?.(value);
  for (let seen = 1; seen < count;) {
    const least = zigzag(reader);
    const widths = reader.bytes.subarray(reader.at, (reader.at += blocks));
    for (let i = 0; i < blocks && seen < count; i++) {
      const width = widths[i] ?? Infinity;
      const begin = reader.at;
      reader.at += (size * width) / 8;
      if (width > (visit ? 32 : 64) || reader.at > reader.bytes.length) throw new RangeError('numbers beyond the end');
      const here = Math.min(size, count - seen);
      if (visit)
        for (let k = 0; k < here; k++) visit((value += least + bitsAt(reader.bytes, begin * 8 + k * width, width)));
      seen += here;
    }
  }
}
