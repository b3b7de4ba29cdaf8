import type { ByteSource } from '@diptych/files';
import { invalid } from '../invalid.ts';
import { checkLength } from './longest.ts';
import { textOf } from './text.ts';

export interface CsvRow {
  readonly cells: readonly string[];
  /** From 1, where the row begins. */
  readonly line: number;
}

/** Rows that are not blank, as RFC 4180 has them: quoted cells may hold separators, line ends and doubled quotes. */
export async function* csvRows(file: ByteSource, separator: string, signal?: AbortSignal): AsyncGenerator<CsvRow> {
  const parser = csvParser(separator, file.name);
  for await (const piece of textOf(file, signal)) yield* parser.push(piece);
  yield* parser.end();
}

interface CsvParser {
  /** The rows that `piece` completes. */
  push(piece: string): CsvRow[];
  end(): CsvRow[];
}

/** Of one row. */
const maxCells = 1 << 16;

function csvParser(separator: string, name: string): CsvParser {
  let cells: string[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let line = 1;
  let rowLine = 1;
  let rowLength = 0;
  const special = new RegExp(`[\n${separator}]`, 'g');
  const endCell = (): void => {
    cells.push(state === 'plain' ? cell.replace(/\r$/, '') : cell);
    cell = '';
    state = 'start';
  };
  const endRow = (): CsvRow | undefined => {
    endCell();
    const row = { cells, line: rowLine };
    cells = [];
    rowLine = line;
    rowLength = 0;
    return row.cells.length === 1 && row.cells[0] === '' ? undefined : row;
  };
  /** Where what stands for itself ends. */
  const endOfRun = (piece: string, at: number): number => {
    if (state !== 'quoted' && state !== 'plain') return at;
    special.lastIndex = at;
    const end = state === 'quoted' ? piece.indexOf('"', at) : (special.exec(piece)?.index ?? -1);
    return end < 0 ? piece.length : end;
  };
  const append = (run: string): void => {
    cell += run;
    if (state === 'quoted') line += run.split('\n').length - 1;
    grow(run.length);
  };
  const grow = (length: number): void => {
    rowLength += length;
    const where = `${name}, line ${rowLine}`;
    checkLength(rowLength, where, 'a row, with every quote closed,');
    if (cells.length > maxCells) throw invalid(where, `at most ${maxCells} cells`, 'more');
  };
  const take = (char: string): CsvRow | undefined => {
    if (char === '\n') line++;
    grow(1);
    if (state === 'quoted') {
      if (char === '"') state = 'closed';
      else cell += char;
    } else if (char === '\n') return endRow();
    else if (char === separator) endCell();
    else if (char === '"' && state !== 'plain') {
      if (state === 'closed') cell += char;
      state = 'quoted';
    } else if (state !== 'closed') {
      state = 'plain';
      cell += char;
    } else if (char !== '\r') throw invalid(`${name}, line ${line}`, 'a separator behind a quote', `'${char}'`);
    return undefined;
  };
  return {
    push(piece) {
      const rows: CsvRow[] = [];
      for (let at = 0; at < piece.length;) {
        const end = endOfRun(piece, at);
        if (end > at) append(piece.slice(at, end));
        const row = end < piece.length ? take(piece[end]!) : undefined;
        if (row) rows.push(row);
        at = end + 1;
      }
      return rows;
    },
    end() {
      if (state === 'quoted') throw invalid(`${name}, line ${rowLine}`, 'a closing quote', 'the end of the file');
      const row = cells.length > 0 || state !== 'start' ? endRow() : undefined;
      return row ? [row] : [];
    },
  };
}
