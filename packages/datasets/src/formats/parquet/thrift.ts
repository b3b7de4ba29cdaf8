/** A number, a structure by the numbers of its fields, or a list; texts and floating point numbers are passed over. */
export type Value = number | Struct | readonly Value[] | undefined;
export type Struct = ReadonlyMap<number, Value>;

export interface ThriftReader {
  readonly bytes: Uint8Array;
  at: number;
  /** How many more fields and items of lists there may be. */
  left: number;
  /** Bytes of the longest text that was passed over. */
  longest: number;
}

/** Structures and lists in each other; deeper than any of parquet. */
const maxDepth = 16;

/** @param most Fields and items of lists, in all. */
export function thriftReader(bytes: Uint8Array, most: number): ThriftReader {
  return { bytes, at: 0, left: most, longest: 0 };
}

/** A structure in Thrift's compact protocol. Throws `RangeError` when it is none. */
export function readStruct(reader: ThriftReader, depth = 0): Struct {
  if (depth > maxDepth) throw new RangeError('too deep');
  const found = new Map<number, Value>();
  for (let field = 0; ;) {
    const byte = next(reader);
    const type = byte & 15;
    if (type === 0) return found;
    field = byte >> 4 ? field + (byte >> 4) : zigzag(reader);
    found.set(field, type <= 2 ? 2 - type : readValue(reader, type, depth));
  }
}

function readValue(reader: ThriftReader, type: number, depth: number): Value {
  if (--reader.left < 0) throw new RangeError('too much');
  if (type >= 4 && type <= 6) return zigzag(reader);
  if (type === 9) return readList(reader, depth + 1);
  if (type === 12) return readStruct(reader, depth + 1);
  skip(reader, lengthOf(reader, type));
  return undefined;
}

/** No item is shorter than a byte. */
function readList(reader: ThriftReader, depth: number): readonly Value[] {
  if (depth > maxDepth) throw new RangeError('too deep');
  const byte = next(reader);
  const size = byte >> 4 < 15 ? byte >> 4 : varint(reader);
  if (size > reader.bytes.length - reader.at) throw new RangeError('a list beyond the end');
  return Array.from({ length: size }, () => readValue(reader, byte & 15, depth));
}

/** Bytes of what is passed over; truth values of a list have one. */
function lengthOf(reader: ThriftReader, type: number): number {
  const fixed = { 1: 1, 2: 1, 3: 1, 7: 8 }[type];
  if (fixed !== undefined) return fixed;
  if (type !== 8) throw new RangeError(`type ${type}`);
  const length = varint(reader);
  reader.longest = Math.max(reader.longest, length);
  return length;
}

function next(reader: ThriftReader): number {
  if (reader.at >= reader.bytes.length) throw new RangeError('cut off');
  return reader.bytes[reader.at++]!;
}

function skip(reader: ThriftReader, length: number): void {
  if (length > reader.bytes.length - reader.at) throw new RangeError('cut off');
  reader.at += length;
}

/** A number of at most 64 bits, 7 of them a byte, the lowest first. */
export function varint(reader: Pick<ThriftReader, 'bytes' | 'at'>): number {
  let value = 0;
  for (let factor = 1; factor < 2 ** 64; factor *= 128) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new RangeError('cut off');
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  throw new RangeError('a number without an end');
}

/** A number of either sign. */
export function zigzag(reader: Pick<ThriftReader, 'bytes' | 'at'>): number {
  const value = varint(reader);
  return value % 2 ? -(value + 1) / 2 : value / 2;
}
