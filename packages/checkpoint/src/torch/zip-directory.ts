import type { ByteSource } from '@diptych/files';
import { invalid } from '../invalid.ts';
import { readExactly } from '../read-exactly.ts';

/** Where an archive lists its entries. */
export interface ZipDirectory {
  readonly begin: number;
  /** Bytes. */
  readonly size: number;
  readonly entries: number;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const maxComment = 0xffff;
const locatorSignature = 0x07064b50;
const locatorBytes = 20;
const end64Signature = 0x06064b50;
const end64Bytes = 56;
/** In bytes; a checkpoint of a hundred thousand arrays takes a tenth of it. */
const maxDirectory = 1 << 26;
const maxEntries = 200_000;

/** Reads the end of a zip archive, in either of its widths. */
export async function findDirectory(source: ByteSource, signal?: AbortSignal): Promise<ZipDirectory> {
  const tailBegin = Math.max(0, source.size - endBytes - maxComment);
  const tail = viewOf(await readExactly(source, [tailBegin, source.size], signal));
  const at = findEnd(tail);
  if (at === undefined) throw invalid(source.name, 'the end of a zip archive');
  const narrow = {
    entries: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    begin: tail.getUint32(at + 16, true),
  };
  const wide = narrow.entries === 0xffff || narrow.size === 0xffffffff || narrow.begin === 0xffffffff;
  const directory = wide ? await findDirectory64(source, tailBegin + at, signal) : narrow;
  const { entries, size } = directory;
  if (size > maxDirectory || entries > maxEntries || directory.begin + directory.size > source.size) {
    throw invalid(
      source.name,
      `a zip directory inside the file, of at most ${maxEntries} entries`,
      JSON.stringify(directory),
    );
  }
  return directory;
}

/** The record ends the file together with the comment whose length it holds. */
function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    const ends = at + endBytes + tail.getUint16(at + 20, true) === tail.byteLength;
    if (ends && tail.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

async function findDirectory64(source: ByteSource, end: number, signal?: AbortSignal): Promise<ZipDirectory> {
  const locator = viewOf(await readExactly(source, [Math.max(0, end - locatorBytes), end], signal));
  if (locator.byteLength < locatorBytes || locator.getUint32(0, true) !== locatorSignature) {
    throw invalid(source.name, `a zip64 locator before byte ${end}`);
  }
  const at = Number(locator.getBigUint64(8, true));
  const record = viewOf(await readExactly(source, [at, at + end64Bytes], signal));
  if (record.getUint32(0, true) !== end64Signature) throw invalid(source.name, `a zip64 record at byte ${at}`);
  return {
    entries: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    begin: Number(record.getBigUint64(48, true)),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
