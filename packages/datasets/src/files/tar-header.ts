import { EmbeddingError } from '@diptych/core';
import { invalid } from '../invalid.ts';

export interface TarHeader {
  readonly path: string;
  /** Of the content, in bytes. */
  readonly size: number;
  /** One character: `0` a file, `x` pax records of the next entry, `L` its long name. */
  readonly type: string;
}

/** One block of a tar file, POSIX ustar or GNU; `undefined` for the block of zeros that ends an archive. */
export function tarHeader(block: Uint8Array, where: string): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block[0] === 0x1f && block[1] === 0x8b) {
    throw new EmbeddingError('UNSUPPORTED', {
      where,
      expected: 'a tar archive',
      got: 'one compressed with gzip',
      cure: 'unpack it to .tar first',
    });
  }
  const field = (begin: number, end: number): string => textField(block.subarray(begin, end));
  if (Number.parseInt(field(148, 156), 8) !== checksum(block)) {
    throw invalid(where, 'a tar header', 'one with a wrong checksum');
  }
  const isUstar = field(257, 263).startsWith('ustar') && block[262] === 0;
  const prefix = isUstar ? field(345, 500) : '';
  const name = field(0, 100);
  const size = numberField(block.subarray(124, 136));
  if (!Number.isSafeInteger(size) || size < 0) throw invalid(where, 'a size in bytes', size);
  return { path: prefix ? `${prefix}/${name}` : name, size, type: field(156, 157) || '0' };
}

/** The sum of the bytes of a header whose own field counts as spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

/** Octal digits, or a big-endian number where the first bit is set. */
function numberField(bytes: Uint8Array): number {
  if (bytes[0]! < 0x80) return Number.parseInt(textField(bytes).trim() || '0', 8);
  return bytes.reduce((value, byte, i) => value * 256 + (i === 0 ? byte & 0x7f : byte), 0);
}

/** Up to the first zero byte. */
export function textField(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
