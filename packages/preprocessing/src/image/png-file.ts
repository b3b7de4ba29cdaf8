import { type PngChunk, pngChunks } from './png-chunks.ts';
import type { PngSamples } from './png-samples.ts';

/** What a PNG file holds, before anything is inflated. */
export interface PngFile extends PngSamples {
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** One zlib stream. */
  readonly data: readonly Uint8Array[];
  /** Whether the file ends in the stream. */
  readonly cutOff: boolean;
  /** Chunks that are neither header, palette nor pixels. */
  readonly others: readonly PngChunk[];
}

/** Header and palette count as they are last before the pixels; pixels end at the first chunk of another type. */
export function readPngFile(bytes: Uint8Array): PngFile {
  const found = new Map<string, Uint8Array>();
  const data: Uint8Array[] = [];
  const others: PngChunk[] = [];
  let last = '';
  let cutOff = false;
  for (const chunk of pngChunks(bytes)) {
    const { type, data: content } = chunk;
    if (type === 'IDAT') {
      if (last === 'IDAT' || data.length === 0) data.push(content);
      cutOff = chunk.cutOff;
    } else if (!own.has(type)) others.push(chunk);
    else if (data.length === 0) found.set(type, content);
    last = type;
  }
  if (data.length === 0) throw new Error('the file holds no image');
  return { ...readHeader(found), data, cutOff, others };
}

const own: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS']);

function readHeader(found: ReadonlyMap<string, Uint8Array>) {
  const header = found.get('IHDR');
  if (!header || header.length < 13) throw new Error('IHDR is missing or cut off');
  const view = new DataView(header.buffer, header.byteOffset, 13);
  const [depth, colorType, filters] = [view.getUint8(8), view.getUint8(9), view.getUint8(11)];
  const known = colorTypes.get(colorType);
  if (!known?.depths.includes(depth) || filters !== 0) throw new Error('IHDR holds an unknown combination');
  const palette = colorType === 3 ? found.get('PLTE') : undefined;
  if (colorType === 3 && !palette) throw new Error('PLTE is missing');
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const { samples } = known;
  return { width, height, depth, samples, interlaced: view.getUint8(12) !== 0, palette, key: found.get('tRNS') };
}

const colorTypes: ReadonlyMap<number, { readonly samples: 1 | 2 | 3 | 4; readonly depths: readonly number[] }> =
  new Map([
    [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
    [2, { samples: 3, depths: [8, 16] }],
    [3, { samples: 1, depths: [1, 2, 4, 8] }],
    [4, { samples: 2, depths: [8, 16] }],
    [6, { samples: 4, depths: [8, 16] }],
  ]);
