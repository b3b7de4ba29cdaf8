import { describe, expect, it } from 'vitest';
import { readItems } from '../../src/image/iso-items.ts';
import { files } from './format-files.ts';
import { decodeImage } from './golden-image.ts';

const ascii = (text: string) => [...new TextEncoder().encode(text)];
const number = (value: number, size: number) =>
  Array.from({ length: size }, (_, i) => (value >> (8 * (size - 1 - i))) & 255);
const box = (type: string, ...parts: number[][]) => {
  const body = parts.flat();
  return [...number(8 + body.length, 4), ...ascii(type), ...body];
};
const full = (type: string, ...parts: number[][]) => box(type, [0, 0, 0, 0], ...parts);

/** A file whose item 2 is XMP about item 1, found by an `iloc` box with these entries. */
function withXmp(entries: readonly number[][], sizes = [0x44, 0]): Uint8Array {
  const type = [...ascii('mime'), 0, ...ascii('application/rdf+xml'), 0];
  const info = box('infe', [2, 0, 0, 0], number(2, 2), [0, 0], type);
  const about = full('iref', box('cdsc', number(2, 2), number(1, 2), number(1, 2)));
  const places = full('iloc', sizes, number(entries.length, 2), ...entries);
  const meta = full('meta', full('pitm', number(1, 2)), full('iinf', number(1, 2), info), about, places);
  return Uint8Array.from([...box('free', ascii('XMP!')), ...meta]);
}

const entry = (id: number, ...extents: readonly (readonly [from: number, length: number])[]) => [
  ...number(id, 2),
  ...number(0, 2),
  ...number(extents.length, 2),
  ...extents.flatMap(([from, length]) => [...number(from, 4), ...number(length, 4)]),
];

const xmpOf = (file: Uint8Array) => new TextDecoder().decode(readItems(file).xmp);

describe('items of an ISO file', () => {
  it('in one piece and in several', () => {
    expect(xmpOf(withXmp([entry(7, [0, 2]), entry(2, [8, 4])]))).toBe('XMP!');
    expect(xmpOf(withXmp([entry(2, [10, 2], [8, 2])]))).toBe('P!XM');
  });

  it('that claim to be more than the file are none', () => {
    const file = withXmp([entry(2, ...Array.from({ length: 9 }, () => [0, 100] as const))]);
    expect(xmpOf(file)).toBe('');
    expect(xmpOf(withXmp([[...number(2, 2), 0, 0, 255, 255]], [0, 0]))).toBe('');
  });

  it.each([12, 40, 100, 150, 200, 270, 300])('of a file cut at byte %d are refused', async (end) => {
    await expect(decodeImage(files.avif.subarray(0, end))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
