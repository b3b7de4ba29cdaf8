/** One chunk of a PNG file. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Offset of `data` in the file. */
  readonly at: number;
  /** CRC-32 of type and data, as stored. */
  readonly checksum: number;
}

/** Chunks after the signature, up to `IEND`. Throws when the file ends before it. */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; ;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const checksum = view.getUint32(at + 8 + length);
    if (type === 'IEND') return;
    yield { type, data: bytes.subarray(at + 8, at + 8 + length), at: at + 8, checksum };
    at += length + 12;
  }
}

/** Throws when the bytes of a chunk are not those that were written. */
export function checkIntact(bytes: Uint8Array, { type, at, data, checksum }: PngChunk): void {
  if (crc32(bytes.subarray(at - 4, at + data.length)) === checksum) return;
  throw new Error(`checksum of ${type} at byte ${at - 8} does not match`);
}

let table: Uint32Array | undefined;

/** CRC-32 of the PNG specification, annex D. */
function crc32(bytes: Uint8Array): number {
  table ??= crcTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
}
