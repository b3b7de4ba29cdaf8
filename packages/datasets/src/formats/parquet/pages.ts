import { crc32 } from '@diptych/core';
import { invalid } from '../../invalid.ts';
import { readStruct, type Struct, thriftReader, type ThriftReader, type Value } from './thrift.ts';

/** A page as its header has it. */
export interface Page {
  /** What errors call it. */
  readonly where: string;
  /** 0, of data; 2, a dictionary; 3, of data, with its levels apart from what is packed. */
  readonly type: 0 | 2 | 3;
  readonly packed: Uint8Array;
  /** Of the whole page, unpacked, in bytes. */
  readonly size: number;
  /** Levels and nulls counted. */
  readonly values: number;
  /** By its number. */
  readonly encoding: number;
  /** Where its levels are apart: bytes of those of repetition and of definition, and what they must say. */
  readonly apart?: {
    readonly repetition: number;
    readonly definition: number;
    readonly nulls: number;
    readonly isPacked: boolean;
  };
}

/** How many bytes may still be unpacked. */
export interface Room {
  bytes: number;
}

/** Fields and items of lists of a header, with its statistics. */
const maxFields = 4096;

/**
 * The pages of a column chunk by their headers, which may not go back or on for ever, hold other bytes than their
 * checksum, where the writer gave one, or be more than the file can be.
 *
 * @param bytes From the first page on.
 * @param values Of all pages.
 */
export function pagesOf(bytes: Uint8Array, values: number, where: string, room: Room): readonly Page[] {
  const reader = thriftReader(bytes, maxFields);
  const pages: Page[] = [];
  let found = 0;
  while (reader.at < bytes.length && found < values) {
    reader.left = maxFields;
    const page = readPage(reader, `${where}, page at byte ${reader.at}`, room);
    if (!page || (page.type !== 2 && page.values === 0)) continue;
    if (page.type !== 2) found += page.values;
    pages.push(page);
  }
  if (found !== values) throw invalid(where, `${values} values`, found);
  return pages;
}

/** Moves behind a page; `undefined` for one of an index. */
function readPage(reader: ThriftReader, where: string, room: Room): Page | undefined {
  const header = headerOf(reader, where);
  const [, type, size, length, crc] = numbersOf(header);
  const left = reader.bytes.length - reader.at;
  if (!isSize(length, left) || !isSize(size, room.bytes)) {
    throw invalid(where, `up to ${left} bytes that unpack to at most ${room.bytes}`, `${length} to ${size}`);
  }
  const packed = reader.bytes.subarray(reader.at, (reader.at += length));
  room.bytes -= size;
  if (crc !== undefined && crc !== (crc32(packed) | 0)) throw invalid(where, 'bytes of their checksum', 'others');
  if (type === 1) return undefined;
  if (type !== 0 && type !== 2 && type !== 3) throw invalid(where, 'a page of data or a dictionary', `type ${type}`);
  const fields = header.get({ 0: 5, 2: 7, 3: 8 }[type]);
  const [, values, second, , fourth, definition, repetition, isPacked] = numbersOf(fields);
  const encoding = type === 3 ? fourth : second;
  if (!isSize(values, 2 ** 31) || !isSize(encoding, 9))
    throw invalid(where, 'a page with a number of values and an encoding', 'one without');
  const page = { where, type, packed, size, values, encoding } as const;
  if (type !== 3) return page;
  const most = Math.min(length, size);
  if (!isSize(second, values) || !isSize(definition, most) || !isSize(repetition, most - definition))
    throw invalid(where, `levels in ${most} bytes`, `${definition} and ${repetition}`);
  return { ...page, apart: { repetition, definition, nulls: second, isPacked: isPacked !== 0 } };
}

function headerOf(reader: ThriftReader, where: string): Struct {
  try {
    return readStruct(reader);
  } catch (cause) {
    throw invalid(where, 'a page', 'other bytes', cause);
  }
}

/** Fields that are numbers, by their numbers. */
function numbersOf(fields: Value): readonly (number | undefined)[] {
  const found: (number | undefined)[] = [];
  if (!(fields instanceof Map)) return found;
  for (let field = 1; field < 8; field++) {
    const value: unknown = fields.get(field);
    found[field] = typeof value === 'number' ? value : undefined;
  }
  return found;
}

function isSize(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= most;
}
