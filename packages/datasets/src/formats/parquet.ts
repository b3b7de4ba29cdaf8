import { EmbeddingError } from '@diptych/core';
import {
  type AsyncBuffer,
  type ColumnMetaData,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import type { DataFile, DataFiles } from '../files/data-file.ts';
import { openFile } from '../files/open-file.ts';
import { invalid } from '../invalid.ts';
import { type Entry, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { draftOf, type Row } from './columns.ts';
import { checkMetadata } from './parquet-metadata.ts';
import { checkPages } from './parquet-pages.ts';
import { tableEntries, type TableOptions } from './table.ts';

export interface ParquetOptions extends TableOptions {
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
  return samplesOf(() => tableEntries(entriesOf(files, paths, options), options), files, options);
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
  const metadata = await decoded(file, checkedMetadata(buffer, file.name, compressors), signal);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    // Without a type of its own a byte array is bytes, as those of images are.
    const options = {
      file: checkedBuffer(buffer, metadata, file.name),
      metadata,
      rowStart,
      rowEnd,
      utf8: false,
      ...(compressors && { compressors }),
    };
    yield* await decoded(file, parquetReadObjects(options), signal);
    rowStart = rowEnd;
  }
}

/** Column chunks are looked at when they are read. */
function checkedBuffer(buffer: AsyncBuffer, { row_groups: groups }: FileMetaData, name: string): AsyncBuffer {
  const check = async (begin: number, end: number): Promise<ArrayBuffer> => {
    const bytes = await buffer.slice(begin, end);
    for (const [i, { columns }] of groups.entries()) {
      for (const { meta_data: column } of columns) {
        if (!column) continue;
        const start = firstPageOf(column);
        const size = Number(column.total_compressed_size);
        if (!(start >= begin && size >= 0 && start + size <= end)) continue;
        const where = `${name}, row group ${i}, ${column.path_in_schema.join('.')}`;
        checkPages(new Uint8Array(bytes, start - begin, size), column, where);
      }
    }
    return bytes;
  };
  return { byteLength: buffer.byteLength, slice: (begin, end = buffer.byteLength) => heard(check(begin, end)) };
}

/** Writers without a dictionary say nothing or 0. */
function firstPageOf({ dictionary_page_offset: dictionary, data_page_offset: data }: ColumnMetaData): number {
  return Number(dictionary && dictionary < data ? dictionary : data);
}

/** hyparquet reads ahead, and where it then fails nobody asks for what it read. */
function heard<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => {});
  return reading;
}

async function checkedMetadata(buffer: AsyncBuffer, name: string, compressors?: Compressors): Promise<FileMetaData> {
  const metadata = await parquetMetadataAsync(buffer);
  checkMetadata(name, metadata, compressors);
  return metadata;
}

function bufferOf(file: DataFile, signal?: AbortSignal): AsyncBuffer {
  return {
    byteLength: file.size,
    slice: (begin, end = file.size) => heard(readRange(file, [begin, end], signal)),
  };
}

async function readRange(
  file: DataFile,
  [begin, end]: readonly [number, number],
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  signal?.throwIfAborted();
  const isRange = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && 0 <= begin && begin <= end;
  if (!isRange || end > file.size) {
    throw invalid(file.name, `expected bytes ${begin} to ${end}, got a file of ${file.size}`);
  }
  const bytes = await file.read(begin, end, signal);
  return bytes.slice().buffer;
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
