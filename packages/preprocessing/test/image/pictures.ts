import { type DecodeImage, toRgb } from '../../src/index.ts';
import { readTiffLayout } from '../../src/image/tiff-header.ts';
import stored from '../golden/pictures.json' with { type: 'json' };

/** A picture and what Pillow made of it, as `tools/fuzz/pictures.py 110 11 20` writes them. */
export interface Picture {
  readonly name: string;
  /** Base64. */
  readonly file: string;
  /** Whether decoders agree to the bit. */
  readonly exact: boolean;
  readonly size?: readonly number[];
  /** Upright RGB, packed by zlib, base64. */
  readonly rgb?: string;
  /** The name of Pillow's error. */
  readonly error?: string;
}

/** What Pillow opens, and what it refuses. */
export const opened: readonly Picture[] = stored.filter(({ error }) => error === undefined);
export const refused: readonly Picture[] = stored.filter(({ error }) => error !== undefined);

/** TIFF with fax or JPEG inside, which takes sharp. */
export function hasForeignPacking({ name, file }: Picture): boolean {
  return name.startsWith('packed') && [2, 3, 4, 7].includes(readTiffLayout(bytesOf(file)).compression);
}

export const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** By how much a value is off at most, of 255. Throws where the size is another. */
export async function distance(decode: DecodeImage, { file, size, rgb }: Picture): Promise<number> {
  const got = toRgb(await decode(bytesOf(file)));
  const unpacked = new Blob([bytesOf(rgb!)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const want = new Uint8Array(await new Response(unpacked).arrayBuffer());
  if (`${got.width},${got.height}` !== size?.join())
    throw new Error(`${got.width}x${got.height}, expected ${size?.join('x')}`);
  return got.data.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i]!)), 0);
}
