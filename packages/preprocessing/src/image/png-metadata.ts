import { latin1, type Metadata, orientationOf } from './metadata.ts';
import { inflateAll } from './inflate.ts';
import type { PngChunk } from './png-chunks.ts';

/** Longest text read, in bytes, as in Pillow. */
const maxText = 1 << 20;

/** Orientation from an `eXIf` chunk, a text of ImageMagick's, or XMP. Never rejects. */
export function pngOrientation(chunks: readonly PngChunk[]): Promise<number | undefined> | undefined {
  const texts = chunks.filter(({ type }) => ['tEXt', 'zTXt', 'iTXt'].includes(type));
  const exif = chunks.findLast(({ type }) => type === 'eXIf')?.data;
  if (!exif && texts.length === 0) return undefined;
  return metadataOf(exif, texts).then(orientationOf, () => undefined);
}

async function metadataOf(exif: Uint8Array | undefined, chunks: readonly PngChunk[]): Promise<Metadata> {
  const texts = new Map<string, Uint8Array>();
  for (const chunk of chunks) {
    const text = await readText(chunk).catch(() => undefined);
    if (text) texts.set(text.key, text.value);
  }
  const profile = texts.get('Raw profile type exif');
  return {
    exif: exif ?? texts.get('exif') ?? (profile && rawProfile(latin1(profile))),
    xmp: texts.get('XML:com.adobe.xmp'),
  };
}

/** Hexadecimal digits from the fourth line on, after a name and a length. */
function rawProfile(text: string): Uint8Array {
  const digits =
    text
      .split('\n')
      .slice(3)
      .join('')
      .match(/[0-9a-f]{2}/gi) ?? [];
  return Uint8Array.from(digits, (pair) => parseInt(pair, 16));
}

/** Keyword and text; `undefined` where the text is packed in an unknown way. */
async function readText({ type, data }: PngChunk): Promise<{ key: string; value: Uint8Array } | undefined> {
  const end = zeroAfter(data, 0);
  const key = latin1(data.subarray(0, end));
  const rest = data.subarray(end + 1);
  if (type === 'tEXt') return { key, value: rest };
  if (type === 'zTXt') return rest[0] === 0 ? { key, value: await inflateAll(rest.subarray(1), maxText) } : undefined;
  // Two flags, then a language and a translated keyword.
  const value = rest.subarray(zeroAfter(rest, zeroAfter(rest, 2) + 1) + 1);
  if (rest[0] === 0) return { key, value };
  return rest[1] === 0 ? { key, value: await inflateAll(value, maxText) } : undefined;
}

function zeroAfter(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(0, start);
  return at < 0 ? bytes.length : at;
}
