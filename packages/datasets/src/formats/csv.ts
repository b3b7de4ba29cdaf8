import type { Files } from '@diptych/files';
import { type CsvRow, csvRows } from '../files/csv-rows.ts';
import { openFile } from '../files/open-file.ts';
import { invalid } from '../invalid.ts';
import { type Entry, samplesOf } from '../read-samples.ts';
import type { Sample } from '../sample.ts';
import { draftOf, type Row } from './columns.ts';
import { parseJson } from './parse-json.ts';
import { tableEntries, type TableOptions } from './table.ts';

export interface CsvOptions extends TableOptions {
  /** Columns whose cells are JSON, as `raw` and `sentids` of `nlphuji/flickr30k`. Default none. */
  readonly jsonColumns?: readonly string[];
  /** Names of the columns of a file that does not begin with them. */
  readonly header?: readonly string[];
  /** Default `,`. */
  readonly separator?: ',' | ';' | '\t';
}

/** A folder of images with a row of a CSV or TSV file about each. An empty cell is nothing. */
export function csv(files: Files, path: string, options: CsvOptions = {}): AsyncIterable<Sample> {
  return samplesOf(() => tableEntries(rowsOf(files, path, options), options), files, options);
}

async function* rowsOf(files: Files, path: string, options: CsvOptions): AsyncGenerator<Entry> {
  const { columns = {}, separator = ',', signal } = options;
  const file = await openFile(files, path, signal);
  let header = options.header;
  for await (const row of csvRows(file, separator, signal)) {
    const names = header;
    header ??= row.cells;
    if (!names) continue;
    const where = `${file.name}, line ${row.line}`;
    yield {
      where,
      read: () => draftOf(rowOf(row, names, { where, jsonColumns: options.jsonColumns }), columns, where),
    };
  }
}

interface RowContext {
  readonly where: string;
  readonly jsonColumns?: readonly string[] | undefined;
}

function rowOf({ cells }: CsvRow, names: readonly string[], { where, jsonColumns = [] }: RowContext): Row {
  if (cells.length !== names.length) throw invalid(where, `${names.length} cells`, cells.length);
  const filled = names.map((name, i) => [name, cells[i]!] as const).filter(([, cell]) => cell !== '');
  return Object.fromEntries(
    filled.map(([name, cell]) => [name, jsonColumns.includes(name) ? parseJson(cell, `${where}, ${name}`) : cell]),
  );
}
