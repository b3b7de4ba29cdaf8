import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { EmbeddingError } from '@diptych/core';
import type { Modality } from 'diptych';
import type { Io } from '../io.ts';
import { clipRetrievalFolder } from './clip-retrieval.ts';
import { defaultFormat, type Format } from './format.ts';
import { jsonlRows } from './jsonl-rows.ts';
import type { RowSink } from './row-sink.ts';
import { tableRows } from './table-rows.ts';

export interface SinkOptions {
  readonly modality: Modality;
  readonly format?: Format | 'npy';
  /** Default stdout. */
  readonly output?: string;
}

/** @throws {EmbeddingError} `INPUT_INVALID` when `npy` has no folder to go to. */
export async function openRowSink(
  { modality, format, output }: SinkOptions,
  { stdout }: Pick<Io, 'stdout'>,
): Promise<RowSink> {
  if (format === 'npy') {
    if (output === undefined) throw new EmbeddingError('INPUT_INVALID', '--format npy: expected a folder as --output');
    return clipRetrievalFolder(output, modality);
  }
  const rowsTo = (out: Writable, chosen: Format) => (chosen === 'table' ? tableRows(out) : jsonlRows(out, modality));
  if (output === undefined) return rowsTo(stdout, format ?? defaultFormat(stdout));
  return toFile(output, (out) => rowsTo(out, format ?? 'jsonl'));
}

/** `path.partial` until it is complete. */
async function toFile(path: string, rowsTo: (out: Writable) => RowSink): Promise<RowSink> {
  const partial = `${path}.partial`;
  // A link that somebody put there is not followed.
  await rm(partial, { force: true });
  const out = createWriteStream(partial, { flags: 'wx' });
  out.on('error', () => {}); // Each write reports it.
  const sink = rowsTo(out);
  return {
    add: (names, rows) => sink.add(names, rows),
    async close() {
      await finished(out.end());
      await rename(partial, path);
    },
    async discard() {
      await finished(out.end());
      await rm(partial);
    },
  };
}
