/** Bytes that mean much to a reader: ends of ranges, and what numbers of variable length begin and end with. */
const special = [0, 1, 2, 7, 8, 0x0a, 0x22, 0x5c, 0x7b, 0x7f, 0x80, 0x81, 0xc7, 0xfe, 0xff];

/** What was done to the bytes, and where. */
export interface Mutation {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where one bit was flipped; `undefined` for all else. */
  readonly flipped?: number;
}

/** A copy with a flipped bit, another byte, a huge length, a span cut out, zeroed or repeated, or an end cut off. */
export function mutatedBytes(good: Uint8Array, random: () => number): Mutation {
  const below = (limit: number): number => Math.floor(random() * Math.max(1, limit));
  const bytes = good.slice();
  const at = below(bytes.length);
  const kind = random();
  if (kind < 0.4) {
    bytes[at]! ^= 1 << below(8);
    return { bytes, flipped: at };
  }
  const length = Math.min(1 + below(2 ** below(12)), bytes.length - at);
  if (kind < 0.6) bytes[at] = special[below(special.length)]!;
  else if (kind < 0.7) bytes.fill(below(2) * 255, at, at + Math.min(length, 9));
  else if (kind < 0.78) bytes.fill(0, at, at + length);
  else if (kind < 0.86) bytes.copyWithin(at, below(bytes.length - length), below(bytes.length));
  else if (kind < 0.92) return { bytes: bytes.slice(0, at) };
  else {
    const [from, to] = kind < 0.96 ? [at, at + length] : [at + length, at];
    return { bytes: Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)]) };
  }
  return { bytes };
}
