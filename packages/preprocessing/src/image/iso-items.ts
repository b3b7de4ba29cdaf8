import { joined, latin1 } from './metadata.ts';
import { type Box, boxIn, boxes, numbersOf } from './iso-boxes.ts';

/** What the `meta` box of a file says of its images (ISO/IEC 23008-12). */
export interface IsoItems {
  /** Properties of the image that is shown: size, turn, mirror and others. */
  readonly properties: readonly Box[];
  /** Properties of any image of the file. */
  readonly all: readonly Box[];
  /** EXIF about the image that is shown, a TIFF file. */
  readonly exif?: Uint8Array;
  readonly xmp?: Uint8Array;
}

/** Of a full box, its version and flags. */
const fullBox = 4;

export function readItems(file: Uint8Array): IsoItems {
  const meta = boxIn(file, 'meta').subarray(fullBox);
  const primary = primaryOf(meta);
  const iprp = boxIn(meta, 'iprp');
  const all = [...boxes(boxIn(iprp, 'ipco'))];
  const properties = indicesOf(boxIn(iprp, 'ipma'), primary).flatMap((index) => all[index - 1] ?? []);
  return { properties, all, ...metadataOf(file, meta, primary) };
}

/** EXIF and XMP of a track: one item of each, about the track as a whole. */
export function readTrackMetadata(file: Uint8Array): Pick<IsoItems, 'exif' | 'xmp'> {
  const track = boxIn(boxIn(file, 'moov'), 'trak');
  return metadataOf(file, boxIn(track, 'meta').subarray(fullBox));
}

function primaryOf(meta: Uint8Array): number {
  const pitm = boxIn(meta, 'pitm');
  return pitm.length < 6 ? 0 : numbersOf(pitm, fullBox)(pitm[0] === 0 ? 2 : 4);
}

/** Places of an item's properties, from 1. */
function indicesOf(ipma: Uint8Array, item: number): number[] {
  if (ipma.length < 8) return [];
  const next = numbersOf(ipma, fullBox);
  const wide = (ipma[3]! & 1) !== 0;
  for (let left = next(4); left > 0; left--) {
    const id = next(ipma[0] === 0 ? 2 : 4);
    // The highest bit says that a reader has to know the property.
    const indices = Array.from({ length: next(1) }, () => (wide ? next(2) & 0x7fff : next(1) & 0x7f));
    if (id === item) return indices;
  }
  return [];
}

/** Of the items that describe `about`, or of all where it is not given. */
function metadataOf(file: Uint8Array, meta: Uint8Array, about?: number): Pick<IsoItems, 'exif' | 'xmp'> {
  const describing = about === undefined ? undefined : describersOf(boxIn(meta, 'iref'), about);
  const found: { exif?: Uint8Array; xmp?: Uint8Array } = {};
  const iinf = boxIn(meta, 'iinf');
  for (const { body } of boxes(iinf, iinf[0] ? 8 : 6)) {
    const { id, type } = readInfo(body);
    if (describing && !describing.has(id)) continue;
    if (type === 'Exif') found.exif ??= withoutOffset(contentOf(file, meta, id));
    if (type.startsWith('mime') && type.includes('\0application/rdf+xml\0')) found.xmp ??= contentOf(file, meta, id);
  }
  return found;
}

/** Of an `infe` box of version 2 or 3; behind the type of `mime` come name and content type. */
function readInfo(infe: Uint8Array): { id: number; type: string } {
  const wide = infe[0] === 3;
  if (infe.length < 12 || (infe[0] !== 2 && !wide)) return { id: -1, type: '' };
  const at = fullBox + (wide ? 4 : 2) + 2;
  const type = latin1(infe.subarray(at, at + 4));
  return { id: numbersOf(infe, fullBox)(wide ? 4 : 2), type: type === 'mime' ? latin1(infe.subarray(at)) : type };
}

/** Items with a `cdsc` reference to one. */
function describersOf(iref: Uint8Array, about: number): ReadonlySet<number> {
  const size = iref[0] === 0 ? 2 : 4;
  const found = new Set<number>();
  for (const { type, body } of boxes(iref, fullBox)) {
    if (type !== 'cdsc' || body.length < size + 2) continue;
    const next = numbersOf(body);
    const from = next(size);
    for (let left = next(2); left > 0; left--) if (next(size) === about) found.add(from);
  }
  return found;
}

/** Bytes of an item; none where they lie in another file, or are more than the file has. */
function contentOf(file: Uint8Array, meta: Uint8Array, item: number): Uint8Array {
  const place = placeOf(boxIn(meta, 'iloc'), item);
  if (!place || place.construction > 1) return new Uint8Array();
  const source = place.construction === 0 ? file : boxIn(meta, 'idat');
  const parts = place.extents.map(({ from, length }) => source.subarray(from, length ? from + length : undefined));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return size > source.length ? new Uint8Array() : joined(parts);
}

interface Place {
  /** 0 offsets in the file, 1 in the `idat` box, 2 in another item. */
  readonly construction: number;
  /** In bytes; a length of 0 goes to the end. */
  readonly extents: readonly { readonly from: number; readonly length: number }[];
}

function placeOf(iloc: Uint8Array, item: number): Place | undefined {
  const [version, sizes, moreSizes] = [iloc[0]!, iloc[4]!, iloc[5]!];
  const [ofOffset, ofLength, ofBase, ofIndex] = [sizes >> 4, sizes & 15, moreSizes >> 4, version ? moreSizes & 15 : 0];
  const next = numbersOf(iloc, 6);
  const wide = version === 2 ? 4 : 2;
  for (let left = next(wide); left > 0; left--) {
    const id = next(wide);
    const construction = version === 0 ? 0 : next(2) & 15;
    next(2);
    const base = next(ofBase);
    const count = next(2);
    if (id !== item) {
      next(count * (ofIndex + ofOffset + ofLength));
      continue;
    }
    const extents = Array.from({ length: count }, () => {
      next(ofIndex);
      return { from: base + next(ofOffset), length: next(ofLength) };
    });
    return { construction, extents };
  }
  return undefined;
}

/** Behind the offset of the TIFF file in what follows. */
function withoutOffset(exif: Uint8Array): Uint8Array {
  return exif.length < 4 ? exif : exif.subarray(4 + numbersOf(exif)(4));
}
