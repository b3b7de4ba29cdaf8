/** How far each step turns, four by four for each round. */
const turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

const constants = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

export interface Md5 {
  readonly add: (bytes: Uint8Array) => void;
  /** In hexadecimal, once. */
  readonly end: () => string;
}

/** MD5 (RFC 1321) of bytes that come in pieces: what FLAC says of its samples. */
export function md5(): Md5 {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const block = new Uint8Array(64);
  const view = new DataView(block.buffer);
  let count = 0;
  const add = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) {
      const filled = count % 64;
      const piece = bytes.subarray(at, at + 64 - filled);
      block.set(piece, filled);
      at += piece.length;
      count += piece.length;
      if (filled + piece.length === 64) mix(state, view);
    }
  };
  const end = () => {
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(count) * 8n, true);
    add(Uint8Array.of(0x80));
    add(new Uint8Array((120 - (count % 64)) % 64));
    add(new Uint8Array(length.buffer));
    for (const [i, word] of state.entries()) view.setInt32(4 * i, word, true);
    return Array.from(block.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  return { add, end };
}

function mix(state: Int32Array, block: DataView): void {
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const [f, word] = chosen(round, i, b, c, d);
    const sum = (a + f + constants[i]! + block.getInt32(4 * (word & 15), true)) | 0;
    const turn = turns[4 * round + (i & 3)]!;
    [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
  }
  for (const [i, word] of [a, b, c, d].entries()) state[i]! += word;
}

/** What a step adds, and which word of the block. */
function chosen(round: number, i: number, b: number, c: number, d: number): readonly [number, number] {
  if (round === 0) return [(b & c) | (~b & d), i];
  if (round === 1) return [(d & b) | (~d & c), 5 * i + 1];
  return round === 2 ? [b ^ c ^ d, 3 * i + 5] : [c ^ (b | ~d), 7 * i];
}
