import { EmbeddingError } from '@diptych/core';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import type { DataFile, DataFiles } from '../files/data-file.ts';
import { openFile } from '../files/open-file.ts';
import { invalid } from '../invalid.ts';
import { type Entry, type ReadOptions, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { type Columns, draftOf, type Row } from './columns.ts';

export interface ParquetOptions extends ReadOptions {
  readonly columns?: Columns;
  /** For codecs other than Snappy and none, as those of `hyparquet-compressors`. */
  readonly compressors?: Compressors;
  /** Given to samples without one of their own: Hugging Face has the split in the name of the file. */
  readonly split?: string;
}

/**
 * Parquet as on the Hugging Face hub: images in the table or by path, captions in a list or in `caption_0`, …. One row
 * group is in memory at a time, with its images.
 *
 * @param paths Shards, in their order.
 */
export function parquet(
  files: DataFiles,
  paths: readonly string[],
  options: ParquetOptions = {},
): AsyncIterable<Sample> {
  return samplesOf(() => entriesOf(files, paths, options), files, options);
}

async function* entriesOf(files: DataFiles, paths: readonly string[], options: ParquetOptions): AsyncGenerator<Entry> {
  const { columns = {}, split } = options;
  for (const path of paths) {
    const file = await openFile(files, path, options.signal);
    let index = 0;
    for await (const row of rowsOf(file, options)) {
      const where = `${file.name}, row ${index++}`;
      yield {
        where,
        read: () => ({ ...(split !== undefined && { split }), ...draftOf(row, columns, where) }),
      };
    }
  }
}

async function* rowsOf(file: DataFile, { compressors, signal }: ParquetOptions): AsyncGenerator<Row> {
  const buffer = bufferOf(file, signal);
  const metadata = await decoded(file, parquetMetadataAsync(buffer), signal);
  refuseCodecs(file, metadata, compressors);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    // Without a type of its own a byte array is bytes, as those of images are.
    const options = { file: buffer, metadata, rowStart, rowEnd, utf8: false, ...(compressors && { compressors }) };
    yield* await decoded(file, parquetReadObjects(options), signal);
    rowStart = rowEnd;
  }
}

function bufferOf(file: DataFile, signal?: AbortSignal): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(begin, end = file.size) {
      signal?.throwIfAborted();
      if (begin < 0 || begin > end || end > file.size) {
        throw invalid(file.name, `expected bytes ${begin} to ${end}, got a file of ${file.size}`);
      }
      const bytes = await file.read(begin, end, signal);
      return bytes.slice().buffer;
    },
  };
}

function refuseCodecs({ name }: DataFile, { row_groups: groups }: FileMetaData, compressors: Compressors = {}): void {
  const codecs = groups.flatMap(({ columns }) => columns.map(({ meta_data: column }) => column?.codec));
  const unknown = codecs.find((codec) => codec && !['UNCOMPRESSED', 'SNAPPY'].includes(codec) && !compressors[codec]);
  if (unknown)
    throw new EmbeddingError('UNSUPPORTED', `${name}: no compressor for ${unknown}; give one in 'compressors'`);
}

/** The library's own errors name neither the file nor a code. */
async function decoded<T>({ name }: DataFile, decoding: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await decoding;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EmbeddingError) throw cause;
    throw invalid(name, `expected a parquet file, got one that cannot be read: ${String(cause)}`, cause);
  }
}
