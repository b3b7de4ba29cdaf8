/** How a BMP file stores its pixels. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 plain, 1 and 2 runs of 8 and 4 bits, 3 by masks. */
  readonly compression: number;
  readonly topDown: boolean;
  /** Red, green, blue and alpha of compression 3. */
  readonly masks: readonly number[];
  /** Bytes of a colour in the palette; 4, or 3 in the oldest files. */
  readonly colorSize: number;
  readonly colors: number;
  readonly paletteAt: number;
  readonly dataAt: number;
}

/** Header of a BMP file, of the sizes that Pillow reads. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(14, true);
  const paletteAt = 14 + size;
  if (!headerSizes.includes(size)) throw new Error(`a BMP header of ${size} bytes is unknown`);
  const old = size === 12;
  const bits = view.getUint16(old ? 24 : 28, true);
  const stored = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const compression = old ? 0 : view.getUint32(30, true);
  const colors = (!old && view.getUint32(46, true)) || 1 << bits;
  const colorSize = old ? 3 : 4;
  const masks = compression === 3 ? readMasks(view, size) : [];
  const masksAfter = compression === 3 && size < 52 ? 12 : 0;
  const offset = view.getUint32(10, true);
  const palette = bits <= 8 ? colorSize * colors : 0;
  return {
    width: old ? view.getUint16(18, true) : view.getUint32(18, true),
    height: Math.abs(stored),
    bits,
    compression,
    topDown: stored < 0,
    masks,
    colorSize,
    colors,
    paletteAt: paletteAt + masksAfter,
    // Some writers forget the palette.
    dataAt: offset === paletteAt ? offset + palette : offset || paletteAt + masksAfter + palette,
  };
}

const headerSizes = [12, 40, 52, 56, 64, 108, 124];

function readMasks(view: DataView, size: number): readonly number[] {
  return [54, 58, 62, 66].map((at) => (at === 66 && size < 56 ? 0 : view.getUint32(at, true)));
}
