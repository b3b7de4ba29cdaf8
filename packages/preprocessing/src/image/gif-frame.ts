/** The first frame of a GIF file, still packed. */
export interface GifFrame {
  /** Of the canvas, in pixels: that of the screen, or larger where the frame is. */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** Three bytes a colour; absent where indices are shades of grey. */
  readonly palette: Uint8Array | undefined;
  /** Index of the colour that is none. */
  readonly transparent: number | undefined;
  readonly interlaced: boolean;
  /** Offset of the bits of a code, after which the blocks come. */
  readonly at: number;
}

/** What comes before the pixels of the first frame, as Pillow takes it. Throws where there is none. */
export function readGifFrame(bytes: Uint8Array): GifFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [screenWidth, screenHeight] = [view.getUint16(6, true), view.getUint16(8, true)];
  const common = readPalette(bytes, 13, view.getUint8(10));
  let at = 13 + common.length;
  let transparent: number | undefined;
  for (;;) {
    const type = view.getUint8(at);
    if (type === 0x2c) break;
    if (type === 0x3b) throw new Error('the file holds no image');
    if (type === 0x21 && view.getUint8(at + 1) === 0xf9 && view.getUint8(at + 3) & 1)
      transparent = view.getUint8(at + 6);
    at = type === 0x21 ? skipBlocks(bytes, at + 2) : at + 1;
  }
  const [left, top] = [view.getUint16(at + 1, true), view.getUint16(at + 3, true)];
  const [frameWidth, frameHeight] = [view.getUint16(at + 5, true), view.getUint16(at + 7, true)];
  const flags = view.getUint8(at + 9);
  const local = readPalette(bytes, at + 10, flags);
  return {
    width: Math.max(screenWidth, left + frameWidth),
    height: Math.max(screenHeight, top + frameHeight),
    left,
    top,
    frameWidth,
    frameHeight,
    palette: local.length > 0 ? local.palette : common.palette,
    transparent,
    interlaced: (flags & 64) !== 0,
    at: at + 10 + local.length,
  };
}

/** Colours are given up where each is the grey of its index. */
function readPalette(bytes: Uint8Array, at: number, flags: number): { length: number; palette?: Uint8Array } {
  if (!(flags & 128)) return { length: 0 };
  const palette = bytes.subarray(at, at + (6 << (flags & 7)));
  const grey = palette.every((value, i) => value === Math.floor(i / 3));
  return { length: palette.length, ...(!grey && { palette }) };
}

/** Offset behind the block of no bytes that ends a run of them. */
export function skipBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at]) at += 1 + bytes[at]!;
  return at + 1;
}
