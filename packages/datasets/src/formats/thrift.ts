/** Numbers and structures of a structure by the numbers of their fields; what else it holds is passed over. */
export type Struct = ReadonlyMap<number, number | Struct>;

export interface ThriftReader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Deeper than any header of a page. */
const maxDepth = 8;

/** A structure in Thrift's compact protocol. Throws `RangeError` when it is none. */
export function readStruct(reader: ThriftReader, depth = 0): Struct {
  if (depth > maxDepth) throw new RangeError('too deep');
  const found = new Map<number, number | Struct>();
  for (let field = 0; ;) {
    const byte = next(reader);
    if ((byte & 15) === 0) return found;
    field = byte >> 4 ? field + (byte >> 4) : zigzag(reader);
    const value = readValue(reader, byte & 15, depth);
    if (value !== undefined) found.set(field, value);
  }
}

function readValue(reader: ThriftReader, type: number, depth: number): number | Struct | undefined {
  if (type >= 4 && type <= 6) return zigzag(reader);
  if (type === 12) return readStruct(reader, depth + 1);
  skip(reader, lengthOf(reader, type));
  return undefined;
}

/** Bytes of a truth value, a byte, a floating point number or a text. */
function lengthOf(reader: ThriftReader, type: number): number {
  const fixed = { 1: 0, 2: 0, 3: 1, 7: 8 }[type];
  if (fixed !== undefined) return fixed;
  if (type === 8) return varint(reader);
  throw new RangeError(`type ${type}`);
}

function next(reader: ThriftReader): number {
  if (reader.at >= reader.bytes.length) throw new RangeError('cut off');
  return reader.bytes[reader.at++]!;
}

function skip(reader: ThriftReader, length: number): void {
  if (length > reader.bytes.length - reader.at) throw new RangeError('cut off');
  reader.at += length;
}

function varint(reader: ThriftReader): number {
  let value = 0;
  for (let factor = 1; factor < 2 ** 64; factor *= 128) {
    const byte = next(reader);
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  throw new RangeError('a number without an end');
}

function zigzag(reader: ThriftReader): number {
  const value = varint(reader);
  return value % 2 ? -(value + 1) / 2 : value / 2;
}
