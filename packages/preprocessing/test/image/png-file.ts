/** What a PNG written for a test says and holds. */
export interface PngSpec {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly interlace?: 0 | 1;
  /** Rows as stored, each after its filter byte. */
  readonly scanlines: Uint8Array;
  readonly chunks?: readonly (readonly [type: string, data: Uint8Array])[];
}

/** A PNG file, written by hand so that every field can be wrong. */
export async function pngFile({ width, height, depth, colorType, interlace = 0, scanlines, chunks = [] }: PngSpec) {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([depth, colorType, 0, 0, interlace], 8);
  const all = [['IHDR', header], ...chunks, ['IDAT', await deflate(scanlines)], ['IEND', new Uint8Array(0)]] as const;
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10),
    ...all.map(([type, data]) => chunk(type, data)),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(new TextEncoder().encode(type), 4);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc(out.subarray(4, data.length + 8)));
  return out;
}

async function deflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The remainder, one bit at a time. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
