import type { BmpHeader } from './bmp-header.ts';

/** Run lengths to one byte a pixel, row after row as stored. What no run reaches is 0. */
export function unpackRuns(bytes: Uint8Array, { width, height, compression, dataAt }: BmpHeader): Uint8Array {
  const out = new Uint8Array(width * height);
  const four = compression === 2;
  let at = dataAt;
  let to = 0;
  let x = 0;
  while (to < out.length && at + 1 < bytes.length) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) {
      const run = Math.max(0, Math.min(count, width - x));
      for (let i = 0; i < run; i++) out[to + i] = four ? (i % 2 === 0 ? value >> 4 : value & 15) : value;
      [to, x] = [to + run, x + run];
    } else if (value === 0) {
      [to, x] = [Math.ceil(to / width) * width, 0];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      to += (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * width;
      x = to % width;
      at += 2;
    } else {
      const stored = four ? value >> 1 : value;
      const end = at + stored;
      if (end > bytes.length) break;
      for (; at < end; at++) {
        if (four) out[to++] = bytes[at]! >> 4;
        out[to++] = four ? bytes[at]! & 15 : bytes[at]!;
      }
      x += value;
      at += at % 2;
    }
  }
  return out;
}
