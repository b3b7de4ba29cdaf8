import type { Writable } from 'node:stream';
import { write } from '../io.ts';
import type { RowSink } from './row-sink.ts';
import { rowValues } from './row-values.ts';
import { oneLine } from './one-line.ts';

const shownValues = 4;

/** For people: the first values of each row, then its name. */
export function tableRows(out: Writable): RowSink {
  return {
    async add(names, rows) {
      const digits = rows.precision === 'float32' ? 4 : 0;
      const lines = names.map((name, i) => {
        const values = rowValues(rows, i);
        const shown = Array.from(values.subarray(0, shownValues), (value) => value.toFixed(digits).padStart(7));
        const rest = values.length > shownValues ? ' ...' : '';
        return `${shown.join(' ')}${rest} [${values.length}]  ${oneLine(name)}\n`;
      });
      await write(out, lines.join(''));
    },
    close: async () => {},
    discard: async () => {},
  };
}
