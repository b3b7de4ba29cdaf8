import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { type Compressors, type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { invalid } from '../../invalid.ts';
import type { SchemaTree } from './leaf.ts';
import { readStruct, type Struct, thriftReader } from './thrift.ts';

/** Bytes of a footer. */
const maxFooter = 1 << 26;

/** Fields and items of lists of a footer: 40,000 columns of row groups, with their statistics. */
const maxFields = 1 << 21;

/** Structures and columns of a schema: for each of them hyparquet looks at all. */
const maxElements = 1 << 12;

/** Bytes of a text beside decimals, whose statistics hyparquet reads in time that grows with their square. */
const maxDecimal = 1 << 12;

/** Bytes read at first: a footer is seldom longer. */
const tailBytes = 1 << 16;

/**
 * What stands at the end of a parquet file.
 *
 * @throws {EmbeddingError} `INPUT_INVALID`; `UNSUPPORTED` for a codec that neither hyparquet nor `compressors` has.
 */
export async function readMetadata(
  file: ByteSource,
  compressors: Compressors,
  signal?: AbortSignal,
): Promise<FileMetaData> {
  const footer = await readFooter(file, signal);
  checkFooter(footer.subarray(0, -8), file.name);
  const { schema, ...rest } = parquetMetadata(footer, { geoparquet: false });
  // The root is no list, whatever a writer says.
  const metadata: FileMetaData = {
    ...rest,
    schema: [{ ...schema[0]!, repetition_type: 'REQUIRED' }, ...schema.slice(1)],
  };
  checkRows(metadata, file.name);
  checkColumns(metadata, compressors, file);
  return metadata;
}

async function readFooter(file: ByteSource, signal?: AbortSignal): Promise<Uint8Array> {
  const { name, size } = file;
  const tail = await file.read(Math.max(0, size - tailBytes), size, signal);
  const isParquet = tail.length >= 12 && new TextDecoder().decode(tail.subarray(-4)) === 'PAR1';
  if (!isParquet) throw invalid(name, 'a parquet file', `one of ${size} bytes without PAR1 at its end`);
  const length = 8 + new DataView(tail.buffer, tail.byteOffset + tail.length - 8).getUint32(0, true);
  const most = Math.min(size - 4, maxFooter);
  if (length > most) throw invalid(name, `a footer of at most ${most} bytes`, length);
  return length <= tail.length ? tail.subarray(-length) : await file.read(size - length, size, signal);
}

/** Refuses what fills hyparquet's memory or time: lists longer than the file, numbers without end. */
function checkFooter(bytes: Uint8Array, name: string): void {
  const reader = thriftReader(bytes, maxFields);
  const schema: unknown = structOf(() => readStruct(reader), name).get(2);
  if (!Array.isArray(schema) || schema.length > maxElements)
    throw invalid(name, `a schema of at most ${maxElements} elements`, Array.isArray(schema) ? schema.length : 'none');
  const hasDecimals = (schema as readonly unknown[]).some((element) => element instanceof Map && element.get(6) === 5);
  if (hasDecimals && reader.longest > maxDecimal)
    throw invalid(name, `texts of at most ${maxDecimal} bytes beside decimals`, reader.longest);
}

function structOf(read: () => Struct, name: string): Struct {
  try {
    return read();
  } catch (cause) {
    throw invalid(name, 'a footer of parquet', 'other bytes', cause);
  }
}

function checkColumns(metadata: FileMetaData, compressors: Compressors, { name, size }: ByteSource): void {
  const columns = leavesOf(parquetSchema(metadata)).join(', ');
  let bytes = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    const where = `${name}, row group ${i}`;
    const chunks = group.columns.flatMap(({ meta_data: column }) => column ?? []);
    const found = chunks.map(({ path_in_schema: path }) => path.join('.')).join(', ');
    if (found !== columns) throw invalid(where, `the columns ${columns}`, found);
    for (const { total_compressed_size: packed } of chunks) bytes += packed >= 0 ? Number(packed) : Infinity;
    if (bytes > size) throw invalid(where, `columns within a file of ${size} bytes`, bytes);
    const known = ['UNCOMPRESSED', 'SNAPPY', ...Object.keys(compressors)];
    const unknown = chunks.find(({ codec }) => !known.includes(codec));
    if (unknown)
      throw new EmbeddingError('UNSUPPORTED', {
        where,
        expected: `a compressor for ${unknown.codec}`,
        got: 'none',
        cure: "give one in 'compressors'",
      });
  }
}

/** A group that the footer has lost is missed. */
function checkRows({ num_rows: rows, row_groups: groups }: FileMetaData, name: string): void {
  const found = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (found !== Number(rows)) throw invalid(name, `${rows} rows`, `row groups of ${found}`);
}

function leavesOf({ children, path }: SchemaTree): string[] {
  return children.length === 0 ? [path.join('.')] : children.flatMap(leavesOf);
}
