import type { DataFiles } from '../files/data-file.ts';
import { openFile } from '../files/open-file.ts';
import { linesOf } from '../files/text.ts';
import { type Entry, type ReadOptions, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { type Columns, draftOf } from './columns.ts';
import { parseRow } from './parse-json.ts';

export interface JsonLinesOptions extends ReadOptions {
  readonly columns?: Columns;
}

/** A folder of images with a JSON object per line about each. */
export function jsonLines(files: DataFiles, path: string, options: JsonLinesOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => entriesOf(files, path, options), files, options);
}

async function* entriesOf(
  files: DataFiles,
  path: string,
  { columns = {}, signal }: JsonLinesOptions,
): AsyncGenerator<Entry> {
  const file = await openFile(files, path, signal);
  for await (const { text, number } of linesOf(file, signal)) {
    const where = `${file.name}, line ${number}`;
    yield { where, read: () => draftOf(parseRow(text, where), columns, where) };
  }
}
