import { varint } from './thrift.ts';

/**
 * Unpacks a block of Snappy, by its format description. Throws `RangeError` where it is none, or holds another number of
 * bytes than there is room for.
 */
export function unsnappy(packed: Uint8Array, out: Uint8Array): void {
  const start = { bytes: packed, at: 0 };
  const total = varint(start);
  if (total !== out.length) throw new RangeError(`expected ${out.length} bytes, got ${total}`);
  let { at } = start;
  let done = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const size = Math.max(0, (tag >> 2) - 59);
      const length = 1 + (size ? littleEndian(packed, at, size) : tag >> 2);
      at += size;
      if (length > packed.length - at || length > out.length - done) throw new RangeError('a run beyond the end');
      out.set(packed.subarray(at, at + length), done);
      at += length;
      done += length;
    } else {
      const size = kind === 3 ? 4 : kind;
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const back = littleEndian(packed, at, size) + (kind === 1 ? (tag >> 5) * 256 : 0);
      at += size;
      if (back === 0 || back > done || length > out.length - done) throw new RangeError('a copy from nowhere');
      if (back >= length) out.copyWithin(done, done - back, done - back + length);
      else for (let i = done; i < done + length; i++) out[i] = out[i - back]!;
      done += length;
    }
  }
  if (done !== out.length) throw new RangeError(`expected ${out.length} bytes, got ${done}`);
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new RangeError('cut off');
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
