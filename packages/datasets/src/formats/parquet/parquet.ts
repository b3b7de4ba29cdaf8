import { checkSignal, EmbeddingError } from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';
import type { Compressors } from 'hyparquet';
import { openFile } from '../../files/open-file.ts';
import { invalid } from '../../invalid.ts';
import { type Entry, samplesOf } from '../../read-samples.ts';
import type { Sample } from '../../sample.ts';
import { draftOf, type Row } from '../columns.ts';
import { tableEntries, type TableOptions } from '../table.ts';
import { readMetadata } from './metadata.ts';
import { rowsOfGroup } from './row-group.ts';

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
export function parquet(files: Files, paths: readonly string[], options: ParquetOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => tableEntries(entriesOf(files, paths, options), options), files, options);
}

async function* entriesOf(files: Files, paths: readonly string[], options: ParquetOptions): AsyncGenerator<Entry> {
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

async function* rowsOf(file: ByteSource, { compressors = {}, signal }: ParquetOptions): AsyncGenerator<Row> {
  const metadata = await decoded(file, readMetadata(file, compressors, signal), signal);
  for (const index of metadata.row_groups.keys()) {
    const options = { metadata, index, compressors, ...(signal && { signal }) };
    yield* await decoded(file, rowsOfGroup(file, options), signal);
  }
}

/** The library's own errors name neither the file nor a code. */
async function decoded<T>({ name }: ByteSource, decoding: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await decoding;
  } catch (cause) {
    checkSignal(signal);
    if (cause instanceof EmbeddingError) throw cause;
    throw invalid(name, 'a parquet file', `one that cannot be read: ${String(cause)}`, cause);
  }
}
