import { checkSignal, EmbeddingError } from '@diptych/core';
import { blockSource, type ByteSource, relativePath } from '@diptych/files';
import { invalid } from '../invalid.ts';
import { tarHeader, textField } from './tar-header.ts';

/** A file in an archive. */
export interface TarEntry {
  /** Without `./` in front; it cannot leave the archive's folder. */
  readonly path: string;
  /** Of the content, in bytes of the archive. */
  readonly range: readonly [begin: number, end: number];
}

const headerBytes = 512;
/** Long names and pax records are read whole. */
const maxRecordBytes = 1 << 20;

/** What stands before a file and belongs to it. */
interface Ahead {
  readonly path?: string;
  readonly size?: number;
}

/** The files of a tar archive in their order; folders and links are passed over. Contents are not read. */
export async function* tarEntries(archive: ByteSource, signal?: AbortSignal): AsyncGenerator<TarEntry> {
  const file = blockSource(archive, { blockBytes: 1 << 16, kept: 1 });
  let ahead: Ahead = {};
  for (let at = 0; ;) {
    const where = `${archive.name}, byte ${at}`;
    if (at + headerBytes > archive.size) throw invalid(where, 'more of the archive', 'its end; was it cut short?');
    checkSignal(signal);
    const header = tarHeader(await file.read(at, at + headerBytes, signal), where);
    if (!header) return;
    const { path, type } = header;
    const isFile = type === '0' || type === '7';
    const begin = at + headerBytes;
    const end = begin + ((isFile ? ahead.size : undefined) ?? header.size);
    if (end > archive.size)
      throw invalid(where, `'${path}' up to byte ${end}`, `the archive's end at ${archive.size}; was it cut short?`);
    if (type === 'S')
      throw new EmbeddingError('UNSUPPORTED', { where, expected: 'whole files', got: `'${path}', a sparse file` });
    if (isFile) yield { path: relativePath((ahead.path ?? path).replace(/^(\.\/)+/, ''), where), range: [begin, end] };
    if (type === 'x' || type === 'L') {
      ahead = { ...ahead, ...aheadOf(type, await recordOf(file, [begin, end], signal), where) };
    } else if (type !== 'K' && type !== 'g') ahead = {};
    at = begin + Math.ceil((end - begin) / headerBytes) * headerBytes;
  }
}

async function recordOf(file: ByteSource, [begin, end]: TarEntry['range'], signal?: AbortSignal): Promise<Uint8Array> {
  if (end - begin <= maxRecordBytes) return file.read(begin, end, signal);
  throw invalid(`${file.name}, byte ${begin}`, `a name of at most ${maxRecordBytes} bytes`, end - begin);
}

function aheadOf(type: 'x' | 'L', record: Uint8Array, where: string): Ahead {
  return type === 'L' ? { path: textField(record) } : paxRecords(record, where);
}

/** `path` and `size` of records `12 path=a.jpg\n`, each of which begins with its own length in bytes. */
function paxRecords(bytes: Uint8Array, where: string): Ahead {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(new TextDecoder().decode(bytes.subarray(at, space)));
    const fits = length > space - at + 1 && at + length <= bytes.length;
    if (space < 0 || !fits) throw invalid(where, 'pax records', 'others');
    const record = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    found.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  const size = found.get('size');
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw invalid(where, 'a size in bytes', `'${size}'`);
  const path = found.get('path');
  return { ...(path !== undefined && { path }), ...(size !== undefined && { size: Number(size) }) };
}
