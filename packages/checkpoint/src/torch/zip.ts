import { type ByteSource, isRelativePath } from '@diptych/files';
import { invalid, unsupported } from '../invalid.ts';
import { readExactly } from '../read-exactly.ts';
import { findDirectory } from './zip-directory.ts';

/** One stored file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Where its local header begins. */
  readonly begin: number;
  /** Where the next entry or the directory begins. */
  readonly end: number;
}

const signature = 0x02014b50;
const fixedBytes = 46;
const localSignature = 0x04034b50;
const localBytes = 30;
/** Says that the value is in the zip64 extra field. */
const wide = 0xffffffff;

/**
 * The files of a zip archive that stores them without compression, as torch writes it. Nothing is extracted.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` when names leave the archive or occur twice, or entries overlap;
 *   `UNSUPPORTED` when entries are compressed or encrypted.
 */
export async function readEntries(source: ByteSource, signal?: AbortSignal): Promise<ReadonlyMap<string, ZipEntry>> {
  const directory = await findDirectory(source, signal);
  const bytes = await readExactly(source, [directory.begin, directory.begin + directory.size], signal);
  const listed: Listed[] = [];
  let at = 0;
  while (at < bytes.length && listed.length < directory.entries) {
    const { next, ...entry } = parseEntry(source.name, bytes.subarray(at));
    listed.push(entry);
    at += next;
  }
  if (at !== bytes.length || listed.length !== directory.entries) {
    throw invalid(source.name, `${directory.entries} entries in ${bytes.length} bytes`, `${listed.length} in ${at}`);
  }
  return placed(source.name, listed, directory.begin);
}

/** Bytes `[begin, end)` of one entry. */
export async function readEntry(
  source: ByteSource,
  entry: ZipEntry,
  [begin, end]: readonly [begin: number, end: number],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const view = viewOf(await readExactly(source, [entry.begin, entry.begin + localBytes], signal));
  const data = entry.begin + localBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== localSignature || data + entry.size > entry.end) {
    throw invalid(`${source.name}: entry '${entry.name}'`, `a local header and its data at byte ${entry.begin}`);
  }
  return readExactly(source, [data + begin, data + end], signal);
}

type Listed = Omit<ZipEntry, 'end'>;

/** The entry at the beginning of `bytes`, and where the next one begins. */
function parseEntry(file: string, bytes: Uint8Array): Listed & { readonly next: number } {
  const view = viewOf(bytes);
  if (bytes.length < fixedBytes || view.getUint32(0, true) !== signature) {
    throw invalid(file, 'an entry in the zip directory', 'something else');
  }
  const nameEnd = fixedBytes + view.getUint16(28, true);
  const extraEnd = nameEnd + view.getUint16(30, true);
  const next = extraEnd + view.getUint16(32, true);
  const name = new TextDecoder().decode(bytes.subarray(fixedBytes, nameEnd));
  if (next > bytes.length || !isRelativePath(name)) {
    throw invalid(file, 'an entry with a path inside the archive', `'${name}'`);
  }
  const narrow = [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)] as const;
  const [size, packed, begin] = widen(narrow, viewOf(bytes.subarray(nameEnd, extraEnd)));
  const encrypted = (view.getUint16(8, true) & 1) === 1;
  if (encrypted || view.getUint16(10, true) !== 0) {
    throw unsupported(`${file}: entry '${name}'`, 'it stored', 'it compressed or encrypted');
  }
  if (size !== packed) throw invalid(`${file}: entry '${name}'`, `${packed} bytes`, `${size} declared`);
  return { name, size, begin, next };
}

type Sizes = readonly [size: number, packed: number, begin: number];

/** The values with those of the zip64 field, which holds only the ones that were too wide. */
function widen(narrow: Sizes, extra: DataView): Sizes {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let from = at + 4;
    const [size, packed, begin] = narrow.map((value) => {
      if (value !== wide) return value;
      from += 8;
      return from <= extra.byteLength ? Number(extra.getBigUint64(from - 8, true)) : Infinity;
    });
    return [size!, packed!, begin!];
  }
  return narrow;
}

/** The entries by name, once none of them reaches into the next. */
function placed(file: string, listed: readonly Listed[], directoryBegin: number): ReadonlyMap<string, ZipEntry> {
  const sorted = listed.toSorted((a, b) => a.begin - b.begin);
  const entries = new Map<string, ZipEntry>();
  for (const [i, entry] of sorted.entries()) {
    const { name, begin, size } = entry;
    const end = sorted[i + 1]?.begin ?? directoryBegin;
    if (entries.has(name)) throw invalid(file, `entry '${name}' once`, 'it twice');
    if (begin + localBytes + size > end) {
      throw invalid(`${file}: entry '${name}'`, `${size} bytes and a header`, `${end - begin} bytes in all`);
    }
    entries.set(name, { ...entry, end });
  }
  return entries;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
