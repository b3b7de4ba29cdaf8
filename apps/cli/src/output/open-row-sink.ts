import type { Writable } from 'node:stream';
import { EmbeddingError } from '@diptych/core';
import type { Io } from '../io.ts';
import type { Modality } from '../space.ts';
import { clipRetrievalFolder } from './clip-retrieval.ts';
import { defaultFormat, type Format } from './format.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { onDisk } from './on-disk.ts';
import { rowFile } from './row-file.ts';
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
    if (output === undefined) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: '--format npy',
        expected: 'a folder as --output',
        got: 'none',
      });
    }
    return told(output, await onDisk(output, async () => clipRetrievalFolder(output, modality)));
  }
  const rowsTo = (out: Writable, chosen: Format) => (chosen === 'table' ? tableRows(out) : jsonlRows(out, modality));
  if (output === undefined) return rowsTo(stdout, format ?? defaultFormat(stdout));
  const toRows = (out: Writable): RowSink => rowsTo(out, format ?? 'jsonl');
  return told(output, await onDisk(output, async () => rowFile(output, toRows)));
}

/** Errors of the disk with the path; after one, closing discards. */
function told(path: string, sink: RowSink): RowSink {
  let failed = false;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await onDisk(path, work);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return {
    add: (names, rows) => attempt(() => sink.add(names, rows)),
    async close() {
      if (failed) return sink.discard();
      await attempt(() => sink.close()).catch(async (error: unknown) => {
        await sink.discard().catch(() => {}); // The first error says more.
        throw error;
      });
    },
    discard: () => sink.discard(),
  };
}
