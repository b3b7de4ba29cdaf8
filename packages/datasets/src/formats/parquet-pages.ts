import type { ColumnMetaData } from 'hyparquet';
import { invalid } from '../invalid.ts';
import { readStruct, type Struct, type ThriftReader } from './thrift.ts';

/** Pages of one column of a row group, which tables of images stay far below. */
const maxValues = 1 << 26;

/** What a page may unpack to whatever its column says, in bytes: not all writers count alike. */
const leastUnpacked = 1 << 28;

/**
 * Refuses what hyparquet takes on trust: pages that go back or on for ever, that hold other numbers of values than the
 * footer says, or other bytes than their checksum, where the writer gave one.
 *
 * @param bytes The column chunk, from its first page on.
 */
export function checkPages(bytes: Uint8Array, column: ColumnMetaData, where: string): void {
  const expected = Number(column.num_values);
  if (!(expected >= 0 && expected <= maxValues))
    throw invalid(where, `expected up to ${maxValues} values, got ${expected}`);
  const reader = { bytes, at: 0 };
  let values = 0;
  while (reader.at < bytes.length && values < expected) {
    const at = `${where}, page at byte ${reader.at}`;
    values += checkPage(reader, Math.max(Number(column.total_uncompressed_size), leastUnpacked), at);
  }
  if (values !== expected) throw invalid(where, `expected ${expected} values, found ${values}`);
}

/** Moves behind a page, and gives the number of its values; 0 for a dictionary. */
function checkPage(reader: ThriftReader, most: number, where: string): number {
  const header = headerOf(reader, where);
  const [unpacked, packed, crc] = [2, 3, 4].map((field) => numberOf(header, field));
  const left = reader.bytes.length - reader.at;
  if (!isSize(packed, left) || !isSize(unpacked, most)) {
    throw invalid(where, `expected up to ${left} bytes that unpack to at most ${most}, got ${packed} to ${unpacked}`);
  }
  const data = reader.bytes.subarray(reader.at, reader.at + packed);
  reader.at += packed;
  if (crc !== undefined && crc !== (crc32(data) | 0)) throw invalid(where, 'expected other bytes, by their checksum');
  const type = header.get(1);
  if (type === 1 || type === 2) return 0;
  const page = header.get(type === 3 ? 8 : 5);
  const count = page instanceof Map ? page.get(1) : undefined;
  if (!isSize(count, maxValues)) throw invalid(where, 'expected a page with a number of values');
  return count;
}

function headerOf(reader: ThriftReader, where: string): Struct {
  try {
    return readStruct(reader);
  } catch (cause) {
    throw invalid(where, 'expected a page, got other bytes', cause);
  }
}

function numberOf(header: Struct, field: number): number | undefined {
  const value = header.get(field);
  return typeof value === 'number' ? value : undefined;
}

function isSize(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= most;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc;
}
