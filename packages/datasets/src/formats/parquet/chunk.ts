import type { Compressors, CompressionCodec } from 'hyparquet';
import { invalid } from '../../invalid.ts';
import type { Leaf } from './leaf.ts';
import { type Page, pagesOf, type Room } from './pages.ts';
import { rowsOf } from './rows.ts';
import { unsnappy } from './snappy.ts';
import { checkValues } from './values.ts';

/** A column of a row group, as it is in the file. */
export interface Chunk {
  /** From its first page on. */
  readonly bytes: Uint8Array;
  readonly where: string;
  readonly leaf: Leaf;
  readonly codec: CompressionCodec;
  readonly compressors: Compressors;
  /** Nulls counted. */
  readonly values: number;
  readonly rows: number;
  readonly room: Room;
}

/**
 * The pages of a column, unpacked, with headers of their own: nothing in them leads hyparquet beyond a page, or to more values
 * than the page says.
 *
 * @throws {EmbeddingError} `INPUT_INVALID`, with the page.
 */
export function plainChunk(chunk: Chunk): ArrayBuffer {
  const { bytes, values, where, room, leaf } = chunk;
  const pages = pagesOf(bytes, values, where, room).map((page) => ({ page, head: headOf(page), size: sizeOf(page) }));
  const out = new Uint8Array(pages.reduce((sum, { head, size }) => sum + head.length + size, 0));
  let at = 0;
  let rows = 0;
  let words: number | undefined;
  const open = { lists: 0 };
  for (const { page, head, size } of pages) {
    out.set(head, at);
    at += head.length;
    const content = out.subarray(at, (at += size));
    try {
      unpack(page, content, chunk);
      if (page.type === 2) {
        checkValues({ bytes: content, encoding: 0, count: page.values, leaf, words, room });
        words = page.values;
      } else rows += rowsOf(content, page, { leaf, room, words, open });
    } catch (cause) {
      const reason = String(cause instanceof Error ? cause.message : cause).slice(0, 200);
      throw invalid(page.where, `${page.values} whole values`, `others: ${reason}`, cause);
    }
  }
  if (rows !== chunk.rows) throw invalid(where, `${chunk.rows} rows`, rows);
  return out.buffer;
}

/** Levels have their length before them, where they are not apart. */
function sizeOf({ size, apart }: Page): number {
  return size + (apart ? (apart.repetition ? 4 : 0) + (apart.definition ? 4 : 0) : 0);
}

/** The header of a page that is not packed, in Thrift's compact protocol. */
function headOf(page: Page): Uint8Array {
  const isData = page.type !== 2;
  const size = sizeOf(page);
  const out: number[] = [];
  const numbers = (...values: readonly number[]): void => {
    for (const value of values) {
      out.push(0x15);
      let left = value * 2;
      for (; left > 127; left = Math.floor(left / 128)) out.push((left % 128) | 128);
      out.push(left);
    }
  };
  numbers(isData ? 0 : 2, size, size);
  out.push(isData ? 0x2c : 0x4c);
  if (isData) numbers(page.values, page.encoding, 3, 3);
  else numbers(page.values, 0);
  return Uint8Array.from([...out, 0, 0]);
}

function unpack({ packed, apart }: Page, content: Uint8Array, chunk: Chunk): void {
  if (!apart) return decompress(packed, content, chunk);
  const { repetition, definition } = chunk.leaf;
  if (apart.repetition > 0 !== repetition > 0 || apart.definition > 0 !== definition > 0)
    throw new RangeError('other levels');
  let at = 0;
  let done = 0;
  for (const length of [apart.repetition, apart.definition]) {
    if (length === 0) continue;
    new DataView(content.buffer, content.byteOffset).setUint32(done, length, true);
    content.set(packed.subarray(at, (at += length)), done + 4);
    done += 4 + length;
  }
  decompress(packed.subarray(at), content.subarray(done), apart.isPacked ? chunk : { ...chunk, codec: 'UNCOMPRESSED' });
}

function decompress(packed: Uint8Array, out: Uint8Array, { codec, compressors }: Chunk): void {
  // A page of nulls alone has nothing that a codec could begin with.
  if (packed.length === 0 && out.length === 0) return;
  const given = compressors[codec];
  if (!given && codec === 'SNAPPY') return unsnappy(packed, out);
  const bytes = codec === 'UNCOMPRESSED' ? packed : given!(packed, out.length);
  if (bytes.length !== out.length) throw new RangeError(`expected ${out.length} bytes, got ${bytes.length}`);
  out.set(bytes);
}
