import { EmbeddingError } from '@diptych/core';
import { type Compressors, type FileMetaData, parquetSchema } from 'hyparquet';
import { invalid } from '../invalid.ts';

type SchemaTree = ReturnType<typeof parquetSchema>;
type RowGroup = FileMetaData['row_groups'][number];

/** What the common writers stay far below; a damaged count would otherwise fill the memory. */
const maxGroupRows = 1 << 24;

/**
 * Refuses what hyparquet takes on trust: where the columns of a row group are not those of the schema, it leaves a
 * rejected promise behind that nobody can catch, which ends a Node process.
 */
export function checkMetadata(name: string, metadata: FileMetaData, compressors: Compressors = {}): void {
  const columns = leavesOf(parquetSchema(metadata)).join(', ');
  for (const [i, group] of metadata.row_groups.entries()) {
    const where = `${name}, row group ${i}`;
    const found = group.columns.map(({ meta_data: column }) => column?.path_in_schema.join('.')).join(', ');
    if (found !== columns) throw invalid(where, `expected the columns ${columns}, found ${found}`);
    const rows = Number(group.num_rows);
    if (!(rows >= 0 && rows <= maxGroupRows)) throw invalid(where, `expected up to ${maxGroupRows} rows, got ${rows}`);
    refuseCodecs(where, group, compressors);
  }
}

function leavesOf({ children, path }: SchemaTree): string[] {
  return children.length === 0 ? [path.join('.')] : children.flatMap(leavesOf);
}

function refuseCodecs(where: string, { columns }: RowGroup, compressors: Compressors): void {
  const codecs = columns.map(({ meta_data: column }) => column?.codec);
  const unknown = codecs.find((codec) => codec && !['UNCOMPRESSED', 'SNAPPY'].includes(codec) && !compressors[codec]);
  if (unknown)
    throw new EmbeddingError('UNSUPPORTED', `${where}: no compressor for ${unknown}; give one in 'compressors'`);
}
