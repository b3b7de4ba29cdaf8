import { checkSignal } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { type Compressors, type FileMetaData, parquetReadObjects, parquetSchema } from 'hyparquet';
import { invalid } from '../../invalid.ts';
import type { Row } from '../columns.ts';
import { parseJson } from '../parse-json.ts';
import { type Chunk, plainChunk } from './chunk.ts';
import { leafOf } from './leaf.ts';

type RowGroup = FileMetaData['row_groups'][number];
type Column = NonNullable<RowGroup['columns'][number]['meta_data']>;

/** Values of a row group, nulls and the fields on the way to them counted, for each byte of the file and beyond that. */
const perByte = 2;
const minValues = 1 << 20;

/** Bytes of a row group, unpacked, for each byte of it and beyond that. */
const unpackedPerByte = 16;
const minUnpacked = 1 << 27;

/** Columns of a row group that are read at once, in bytes. */
const readAtOnce = 1 << 21;

/** Between the addresses of two columns, so that hyparquet reads each alone. */
const apart = 2 ** 40;

interface GroupOptions {
  readonly metadata: FileMetaData;
  readonly index: number;
  readonly compressors: Compressors;
  readonly signal?: AbortSignal;
}

/** The rows of a row group. What hyparquet reads is unpacked and checked; the file itself it never sees. */
export async function rowsOfGroup(file: ByteSource, options: GroupOptions): Promise<readonly Row[]> {
  const { metadata, index } = options;
  const group = metadata.row_groups[index]!;
  const rows = Number(group.num_rows);
  if (rows === 0) return [];
  const chunks = await chunksOf(file, group, options);
  return parquetReadObjects({
    file: { byteLength: chunks.length * apart, slice: (begin) => chunks[begin / apart]! },
    metadata: { ...metadata, row_groups: [{ ...group, columns: plainColumns(group, chunks) }] },
    rowStart: 0,
    rowEnd: rows,
    // Without a type of its own a byte array is bytes, as those of images are.
    utf8: false,
    parsers: {
      jsonFromBytes: (bytes) => bytes && parseJson(new TextDecoder().decode(bytes), `${file.name}, row group ${index}`),
      geometryFromBytes: (bytes) => bytes,
      geographyFromBytes: (bytes) => bytes,
    },
  });
}

/** What the footer would say of columns that are not packed. */
function plainColumns({ columns }: RowGroup, chunks: readonly ArrayBuffer[]): RowGroup['columns'] {
  return columns.map(({ meta_data: column }, i) => {
    const { type, path_in_schema, num_values } = column!;
    const size = BigInt(chunks[i]!.byteLength);
    const meta_data: Column = {
      type,
      path_in_schema,
      num_values,
      encodings: [],
      codec: 'UNCOMPRESSED',
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(i * apart),
    };
    return { file_offset: 0n, meta_data };
  });
}

async function chunksOf(file: ByteSource, group: RowGroup, options: GroupOptions): Promise<readonly ArrayBuffer[]> {
  const { metadata, index, compressors, signal } = options;
  const schema = parquetSchema(metadata);
  const columns = group.columns.map(({ meta_data: column }) => column!);
  const packed = columns.reduce((sum, { total_compressed_size: size }) => sum + Number(size), 0);
  const room = { bytes: minUnpacked + unpackedPerByte * packed };
  const checked = columns.map((column): Omit<Chunk, 'bytes'> => {
    const where = `${file.name}, row group ${index}, ${column.path_in_schema.join('.')}`;
    const values = Number(column.num_values);
    const leaf = leafOf(schema, column, where);
    return { where, leaf, codec: column.codec, compressors, values, rows: Number(group.num_rows), room };
  });
  const most = minValues + perByte * file.size;
  const values = checked.reduce(
    (sum, chunk) => sum + (chunk.values >= 0 ? chunk.values * chunk.leaf.depth : Infinity),
    0,
  );
  if (!(values <= most)) throw invalid(`${file.name}, row group ${index}`, `at most ${most} values`, values);
  const read = readerOf(file, columns, signal);
  const chunks: ArrayBuffer[] = [];
  for (const [i, column] of columns.entries()) chunks.push(plainChunk({ ...checked[i]!, bytes: await read(column) }));
  return chunks;
}

/** Columns that lie side by side are read at once where they are small. */
function readerOf(file: ByteSource, columns: readonly Column[], signal?: AbortSignal) {
  const ranges = columns.map(rangeOf);
  const begin = Math.min(...ranges.map(([from]) => from));
  const end = Math.max(...ranges.map(([, to]) => to));
  const isSmall = begin >= 0 && end <= file.size && end - begin <= readAtOnce;
  const whole = isSmall ? file.read(begin, end, signal) : undefined;
  return async (column: Column): Promise<Uint8Array> => {
    checkSignal(signal);
    const [from, to] = rangeOf(column);
    if (whole) return (await whole).subarray(from - begin, to - begin);
    if (!(from >= 0 && to <= file.size)) throw invalid(file.name, `bytes ${from} to ${to}`, `a file of ${file.size}`);
    return file.read(from, to, signal);
  };
}

/** Writers without a dictionary say nothing or 0. */
function rangeOf({ dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size }: Column) {
  const begin = Number(dictionary && dictionary < data ? dictionary : data);
  return [begin, begin + Number(size)] as const;
}
