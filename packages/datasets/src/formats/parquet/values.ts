import { eachDelta } from './delta.ts';
import type { Leaf } from './leaf.ts';
import type { Room } from './pages.ts';
import { eachRun } from './runs.ts';

/** What a page holds behind its levels. */
interface Values {
  readonly bytes: Uint8Array;
  readonly encoding: number;
  /** How many, without nulls. */
  readonly count: number;
  readonly leaf: Leaf;
  /** Words of the dictionary; `undefined` where there is none. */
  readonly words: number | undefined;
  readonly room: Room;
}

/** Bytes of a value. */
const widths: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/** By the numbers of the encodings; throws `RangeError` where the values are other than the page says. */
const checks: Readonly<Record<number, (values: Values) => void>> = {
  0: plain,
  2: indices,
  3: booleans,
  5: numbers,
  6: lengths,
  7: prefixes,
  8: indices,
  9: split,
};

/** Throws `RangeError` where hyparquet would read on beyond them, or make more of them than there is. */
export function checkValues(values: Values): void {
  const check = checks[values.encoding];
  if (!check) throw new RangeError(`encoding ${values.encoding}`);
  check(values);
}

function plain({ bytes, count, leaf }: Values): void {
  if (leaf.type !== 'BYTE_ARRAY')
    return fill(bytes, leaf.type === 'BOOLEAN' ? Math.ceil(count / 8) : count * widthOf(leaf));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at, true);
    if (length > leaf.longest) throw new RangeError(`a value of ${length} bytes`);
    at += 4 + length;
  }
  fill(bytes, at);
}

function indices({ bytes, count, words, leaf }: Values): void {
  if (count === 0) return;
  if (words === undefined || leaf.type === 'BOOLEAN') throw new RangeError('no dictionary');
  const [width = 0] = bytes;
  const check = (index: number): void => {
    if (index >= words) throw new RangeError(`word ${index} of ${words}`);
  };
  if (width === 0) check(0);
  else eachRun(bytes.subarray(1), { width, count }, check);
}

function booleans({ bytes, count, leaf }: Values): void {
  if (leaf.type !== 'BOOLEAN') throw new RangeError(`runs of ${leaf.type}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  fill(bytes, 4 + length);
  eachRun(bytes.subarray(4), { width: 1, count }, () => {});
}

function numbers({ bytes, count, leaf }: Values): void {
  if (leaf.type !== 'INT32' && leaf.type !== 'INT64') throw new RangeError(`differences of ${leaf.type}`);
  eachDelta({ bytes, at: 0 }, count);
}

function lengths(values: Values): void {
  texts(values, 1);
}

/** Each begins as the one before it does. */
function prefixes(values: Values): void {
  texts(values, 2);
}

function texts({ bytes, count, leaf, room }: Values, parts: 1 | 2): void {
  const isFixed = parts === 2 && leaf.type === 'FIXED_LEN_BYTE_ARRAY';
  if (leaf.type !== 'BYTE_ARRAY' && !isFixed) throw new RangeError(`lengths of ${leaf.type}`);
  const reader = { bytes, at: 0 };
  const kept: number[] = [];
  const read = (visit: (length: number) => void): void =>
    eachDelta(reader, count, (length) => {
      if (!(length >= 0 && length <= bytes.length + room.bytes)) throw new RangeError(`a length of ${length}`);
      visit(length);
    });
  if (parts === 2) read((length) => kept.push(length));
  let own = 0;
  let last = 0;
  let i = 0;
  read((length) => {
    const shared = kept[i++] ?? 0;
    if (shared > last) throw new RangeError(`${shared} bytes of one of ${last}`);
    last = shared + length;
    own += length;
    room.bytes -= shared;
    if (last > leaf.longest || (isFixed && last !== leaf.width) || room.bytes < 0)
      throw new RangeError(`a value of ${last} bytes`);
  });
  fill(bytes, reader.at + own);
}

function split({ bytes, count, leaf }: Values): void {
  if (leaf.type === 'INT96') throw new RangeError('INT96, split');
  fill(bytes, count * widthOf(leaf));
}

function widthOf({ type, width, longest }: Leaf): number {
  const bytes = type === 'FIXED_LEN_BYTE_ARRAY' ? width : widths[type];
  if (bytes === undefined || (type === 'FIXED_LEN_BYTE_ARRAY' && bytes > longest))
    throw new RangeError(`values of ${type}`);
  return bytes;
}

function fill(bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) throw new RangeError(`expected ${expected} bytes of values, got ${bytes.length}`);
}
