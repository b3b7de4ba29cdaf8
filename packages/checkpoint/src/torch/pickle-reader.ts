import { invalid } from '../invalid.ts';

/** The arguments of opcodes, little-endian, each moving on. */
export interface PickleReader {
  /** What errors call the pickle. */
  readonly file: string;
  /** Bytes read so far. */
  at(): number;
  uint8(): number;
  uint16(): number;
  uint32(): number;
  int32(): number;
  /** Big-endian, alone among them. */
  float64(): number;
  /** Two's complement of any length; a `number` where that is exact. */
  long(bytes: number): number | bigint;
  text(bytes: number): string;
  /** Up to the next line feed, without it; a name of at most 1,024 bytes. */
  line(): string;
}

const maxLine = 1024;

export function pickleReader(file: string, bytes: Uint8Array): PickleReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let next = 0;
  const take = (count: number): number => {
    if (next + count > bytes.length) throw invalid(`${file}: pickle`, `${count} more bytes at ${next}`, 'its end');
    next += count;
    return next - count;
  };
  const text = (count: number): string => decoder.decode(bytes.subarray(take(count), next));
  return {
    file,
    at: () => next,
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    long: (count) => {
      const digits = bytes.slice(take(count), next).toReversed();
      const value = digits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
      const signed = BigInt.asIntN(8 * count, value);
      return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
    },
    text,
    line: () => {
      const end = bytes.subarray(next, next + maxLine + 1).indexOf(0x0a);
      if (end < 0) throw invalid(`${file}: pickle`, `a name of at most ${maxLine} bytes at ${next}`, 'no end of it');
      const line = text(end);
      take(1);
      return line;
    },
  };
}
