import { varint } from './thrift.ts';

/** Bits of the values of runs: as many as the indices of 16,777,216 words need. */
const maxWidth = 24;

/**
 * Visits the values of parquet's hybrid of runs and packed bits, each with how often it stands there. Throws `RangeError`
 * where it holds less than `count` of them, or a run goes beyond.
 *
 * @param width Bits of a value.
 */
export function eachRun(
  bytes: Uint8Array,
  { width, count }: { readonly width: number; readonly count: number },
  visit: (value: number, times: number) => void,
): void {
  if (width > maxWidth) throw new RangeError(`expected values of at most ${maxWidth} bits, got ${width}`);
  const reader = { bytes, at: 0 };
  for (let seen = 0; seen < count;) {
    const header = varint(reader);
    const size = Math.floor(header / 2);
    const length = header % 2 ? size * width : Math.ceil(width / 8);
    const begin = reader.at;
    reader.at += length;
    if (reader.at > bytes.length) throw new RangeError('a run beyond the end');
    if (header % 2) {
      const times = Math.min(size * 8, count - seen);
      for (let i = 0; i < times; i++) visit(bitsAt(bytes, begin * 8 + i * width, width), 1);
      seen += times;
    } else {
      if (size > count - seen) throw new RangeError(`a run of ${size} where ${count - seen} are left`);
      visit(bitsAt(bytes, begin * 8, length * 8), size);
      seen += size;
    }
  }
}

/** Up to 32 bits, the lowest first. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = Math.floor(bit / 8);
  const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  const high = bytes[at + 3]! | (bytes[at + 4]! << 8);
  return Math.floor((low + high * 2 ** 24) / 2 ** (bit % 8)) % 2 ** width;
}
