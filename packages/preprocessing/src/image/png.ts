import type { Image } from './image.ts';
import { inflate } from './inflate.ts';
import { checkIntact, pngChunks } from './png-chunks.ts';
import { type PngSamples, rowWriter } from './png-samples.ts';
import { type Pass, passes, unfilter } from './png-scanlines.ts';

interface Png extends PngSamples {
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly data: readonly Uint8Array[];
}

/**
 * The same pixels on every platform, colour under transparent pixels included, which a canvas would lose.
 *
 * As Pillow: 16 bits keep the high byte, palettes are looked up, grey of 2 and 4 bits is spread over `[0, 255]`.
 * Unlike Pillow, which clips it, 16-bit grey keeps the high byte too. No colour management, first frame only.
 *
 * @param keyed Whether `tRNS` becomes an alpha channel; Pillow's `convert('RGB')` ignores it.
 */
export async function decodePng(bytes: Uint8Array, keyed: boolean): Promise<Image> {
  const png = parse(bytes);
  const { width, height, depth, samples } = png;
  const { channels, write } = rowWriter(png, keyed);
  const data = new Uint8Array(width * height * channels);
  const grid = passes(width, height, png.interlaced);
  const lengthOf = (pass: Pass) => Math.ceil((pass.width * samples * depth) / 8);
  const raw = await inflate(
    png.data,
    grid.reduce((sum, pass) => sum + pass.height * (1 + lengthOf(pass)), 0),
  );
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

function parse(bytes: Uint8Array): Png {
  const found = new Map<string, Uint8Array>();
  const data: Uint8Array[] = [];
  for (const chunk of pngChunks(bytes)) {
    if (!used.has(chunk.type)) continue;
    checkIntact(bytes, chunk);
    if (chunk.type === 'IDAT') data.push(chunk.data);
    else found.set(chunk.type, chunk.data);
  }
  const header = found.get('IHDR');
  if (header?.length !== 13) throw new Error('IHDR is missing');
  const view = new DataView(header.buffer, header.byteOffset, 13);
  const [depth, colorType, interlace] = [view.getUint8(8), view.getUint8(9), view.getUint8(12)];
  const known = colorTypes.get(colorType);
  if (!known?.depths.includes(depth) || interlace > 1) throw new Error('IHDR holds an unknown combination');
  const palette = colorType === 3 ? found.get('PLTE') : undefined;
  if (colorType === 3 && !palette) throw new Error('PLTE is missing');
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const { samples } = known;
  return { width, height, depth, samples, interlaced: interlace === 1, palette, key: found.get('tRNS'), data };
}

const used: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT']);

const colorTypes: ReadonlyMap<number, { readonly samples: 1 | 2 | 3 | 4; readonly depths: readonly number[] }> =
  new Map([
    [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
    [2, { samples: 3, depths: [8, 16] }],
    [3, { samples: 1, depths: [1, 2, 4, 8] }],
    [4, { samples: 2, depths: [8, 16] }],
    [6, { samples: 4, depths: [8, 16] }],
  ]);
