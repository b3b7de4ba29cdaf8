import { readGifFrame, skipBlocks } from './gif-frame.ts';
import type { Image } from './image.ts';

/**
 * The first frame, as Pillow: around it is the transparent colour, or else the first; a palette of greys in order makes
 * a grey image.
 *
 * @param keyed Whether the transparent colour becomes an alpha channel; Pillow's `convert('RGB')` ignores it.
 */
export async function decodeGif(bytes: Uint8Array, keyed: boolean): Promise<Image> {
  const frame = readGifFrame(bytes);
  const { width, height, left, top, frameWidth, frameHeight, palette, transparent } = frame;
  const canvas = new Uint8Array(width * height).fill(transparent ?? 0);
  const indices = unpack(joinBlocks(bytes, frame.at + 1), bytes[frame.at]!, frameWidth * frameHeight);
  const order = rowOrder(frameHeight, frame.interlaced);
  order.forEach((y, row) => {
    const from = row * frameWidth;
    canvas.set(indices.subarray(from, from + frameWidth), (top + y) * width + left);
  });
  const alpha = keyed && transparent !== undefined;
  if (!palette && !alpha) return { data: canvas, width, height, channels: 1 };
  const colors = palette ? 3 : 1;
  const channels = (colors + (alpha ? 1 : 0)) as Image['channels'];
  const data = new Uint8Array(width * height * channels);
  canvas.forEach((index, pixel) => {
    for (let c = 0; c < colors; c++) data[pixel * channels + c] = palette ? (palette[index * 3 + c] ?? 0) : index;
    if (alpha) data[pixel * channels + colors] = index === transparent ? 0 : 255;
  });
  return { data, width, height, channels, ...(palette && { indexed: true }) };
}

/** The blocks' bytes in one piece. */
function joinBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const out = new Uint8Array(Math.min(skipBlocks(bytes, start), bytes.length) - start);
  let length = 0;
  for (let at = start; bytes[at]; at += 1 + bytes[at]!) {
    const block = bytes.subarray(at + 1, at + 1 + bytes[at]!);
    out.set(block, length);
    length += block.length;
  }
  return out.subarray(0, length);
}

/** Rows in the order in which they are stored. */
function rowOrder(height: number, interlaced: boolean): number[] {
  const rows = Array.from({ length: height }, (_, y) => y);
  if (!interlaced) return rows;
  return [
    ...rows.filter((y) => y % 8 === 0),
    ...rows.filter((y) => y % 8 === 4),
    ...rows.filter((y) => y % 4 === 2),
    ...rows.filter((y) => y % 2 === 1),
  ];
}

const maxBits = 12;

/** `count` indices of a run of LZW codes, lowest bit first. Throws when it holds fewer. */
function unpack(packed: Uint8Array, bits: number, count: number): Uint8Array {
  if (bits > maxBits) throw new Error(`codes of ${bits} bits`);
  const [clear, end] = [1 << bits, (1 << bits) + 1];
  const prefix = new Uint16Array(1 << maxBits);
  const [suffix, lengths] = [new Uint8Array(1 << maxBits), new Uint16Array(1 << maxBits)];
  for (let i = 0; i < clear; i++) {
    suffix[i] = i;
    lengths[i] = 1;
  }
  const out = new Uint8Array(count);
  const codes = codeReader(packed);
  let [width, next, before, at] = [bits + 1, end + 1, -1, 0];
  while (at < count) {
    const code = codes(width);
    if (code === undefined || code === end) throw new Error(`pixel data ends after ${at} of ${count} pixels`);
    if (code === clear) {
      [width, next, before] = [bits + 1, end + 1, -1];
      continue;
    }
    if (code > next || (code === next && before < 0)) throw new Error(`code ${code} does not exist`);
    // A code not known yet is the one before and its own first index.
    const known = code < next ? code : before;
    let length = lengths[known]!;
    let index = known;
    for (let to = at + length - 1; to >= at; to--, index = prefix[index]!) if (to < count) out[to] = suffix[index]!;
    const first = out[at]!;
    if (code === next && at + length < count) out[at + length] = first;
    if (code === next) length++;
    at += length;
    if (before >= 0 && next < 1 << maxBits) {
      prefix[next] = before;
      suffix[next] = first;
      lengths[next] = lengths[before]! + 1;
      next++;
      if (next === 1 << width && width < maxBits) width++;
    }
    before = code;
  }
  return out;
}

function codeReader(packed: Uint8Array): (width: number) => number | undefined {
  let [at, held, buffer] = [0, 0, 0];
  return (width) => {
    while (held < width) {
      if (at === packed.length) return undefined;
      buffer |= packed[at++]! << held;
      held += 8;
    }
    const code = buffer & ((1 << width) - 1);
    buffer >>>= width;
    held -= width;
    return code;
  };
}
