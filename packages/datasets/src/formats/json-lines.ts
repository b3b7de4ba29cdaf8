import type { Files } from '@diptych/files';
import { openFile } from '../files/open-file.ts';
import { linesOf } from '../files/text.ts';
import { type Entry, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { draftOf } from './columns.ts';
import { parseRow } from './parse-json.ts';
import { tableEntries, type TableOptions } from './table.ts';

/** A folder of images with a JSON object per line about each. */
export function jsonLines(files: Files, path: string, options: TableOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => tableEntries(rowsOf(files, path, options), options), files, options);
}

async function* rowsOf(files: Files, path: string, { columns = {}, signal }: TableOptions): AsyncGenerator<Entry> {
  const file = await openFile(files, path, signal);
  for await (const { text, number } of linesOf(file, signal)) {
    const where = `${file.name}, line ${number}`;
    yield { where, read: () => draftOf(parseRow(text, where), columns, where) };
  }
}
