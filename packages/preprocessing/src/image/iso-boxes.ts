import { latin1, viewOf } from './metadata.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12). */
export interface Box {
  /** Four letters. */
  readonly type: string;
  /** What comes after size and type; of a full box, from its version on. */
  readonly body: Uint8Array;
}

/** The boxes that stand in a row. One that says to be longer than there are bytes ends with them, and the row too. */
export function* boxes(bytes: Uint8Array, start = 0): Generator<Box> {
  for (let at = start; at + 8 <= bytes.length;) {
    const view = viewOf(bytes);
    const short = view.getUint32(at);
    const long = short === 1 && at + 16 <= bytes.length;
    const head = long ? 16 : 8;
    const size = long ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.length - at : short;
    if (size < head) return;
    yield { type: latin1(bytes.subarray(at + 4, at + 8)), body: bytes.subarray(at + head, at + size) };
    at += size;
  }
}

/** The content of the first box of a type; none where there is no such box. */
export function boxIn(bytes: Uint8Array, type: string, start = 0): Uint8Array {
  for (const box of boxes(bytes, start)) if (box.type === type) return box.body;
  return new Uint8Array();
}

/** Big-endian numbers one after another, of so many bytes each; reading past the end is a `RangeError`. */
export function numbersOf(bytes: Uint8Array, start = 0): (size: number) => number {
  const view = viewOf(bytes);
  let at = start;
  return (size) => {
    at += size;
    if (at > bytes.length) throw new RangeError(`${at} is beyond byte ${bytes.length}`);
    let value = 0;
    for (let from = at - Math.min(size, 8); from < at; from++) value = value * 256 + view.getUint8(from);
    return value;
  };
}
