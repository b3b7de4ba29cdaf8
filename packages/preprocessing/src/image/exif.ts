/** How stored pixels become upright, 1 to 8 as in EXIF, and where the file says so. */
export interface Orientation {
  readonly value: number;
  /** Bytes `[at, at + 2)` of the file hold the value. */
  readonly at: number;
  readonly littleEndian: boolean;
}

const orientationTag = 0x0112;

/** Orientation in the EXIF block (a TIFF file) at `start`; `undefined` when it has none or is damaged. */
export function readOrientation(bytes: Uint8Array, start: number): Orientation | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.byteLength - 12;
  if (start + 8 > bytes.byteLength) return undefined;
  const littleEndian = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, littleEndian);
  if (directory + 2 > bytes.byteLength) return undefined;
  const entries = view.getUint16(directory, littleEndian);
  for (let i = 0, at = directory + 2; i < entries && at <= last; i++, at += 12) {
    if (view.getUint16(at, littleEndian) !== orientationTag) continue;
    const value = view.getUint16(at + 8, littleEndian);
    return value >= 1 && value <= 8 ? { value, at: at + 8, littleEndian } : undefined;
  }
  return undefined;
}

/** A copy of the file whose orientation says "upright", so that no decoder turns it. */
export function withoutOrientation(bytes: Uint8Array, { at, littleEndian }: Orientation): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  new DataView(copy.buffer).setUint16(at, 1, littleEndian);
  return copy;
}
