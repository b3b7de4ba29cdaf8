import type { Image } from './image.ts';
import { inflate } from './inflate.ts';
import { readPngFile } from './png-file.ts';
import { rowWriter } from './png-samples.ts';
import { type Pass, passes, unfilter } from './png-scanlines.ts';

/**
 * The same pixels on every platform, colour under transparent pixels included, which a canvas would lose.
 *
 * As Pillow: 16 bits keep the high byte, palettes are looked up, grey of 2 and 4 bits is spread over `[0, 255]`.
 * Unlike Pillow, which clips it, 16-bit grey keeps the high byte too. No colour management, first frame only.
 *
 * @param keyed Whether `tRNS` becomes an alpha channel; Pillow's `convert('RGB')` ignores it.
 */
export async function decodePng(bytes: Uint8Array, keyed: boolean): Promise<Image> {
  const png = readPngFile(bytes);
  const { width, height, depth, samples } = png;
  const { channels, write } = rowWriter(png, keyed);
  const data = new Uint8Array(width * height * channels);
  const grid = passes(width, height, png.interlaced);
  const lengthOf = (pass: Pass) => Math.ceil((pass.width * samples * depth) / 8);
  const size = grid.reduce((sum, pass) => sum + pass.height * (1 + lengthOf(pass)), 0);
  const raw = await inflate(png.data, size, png.cutOff);
  let at = 0;
  for (const pass of grid) {
    const length = lengthOf(pass);
    let above: Uint8Array = new Uint8Array(length);
    for (let y = 0; y < pass.height; y++, at += 1 + length) {
      const row = raw.subarray(at + 1, at + 1 + length);
      unfilter(raw[at]!, row, above, Math.max(1, (samples * depth) >> 3));
      write(row, data, ((pass.y + y * pass.dy) * width + pass.x) * channels, { count: pass.width, step: pass.dx });
      above = row;
    }
  }
  return { data, width, height, channels, ...((png.palette || depth === 1) && { indexed: true }) };
}
