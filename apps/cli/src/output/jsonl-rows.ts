import type { Writable } from 'node:stream';
import { write } from '../io.ts';
import type { Modality } from '../space.ts';
import { nameField, type RowSink } from './row-sink.ts';
import { rowValues, shortFloat } from './row-values.ts';

/** One JSON object per row: `path` or `text`, `embedding`, and `scale` for the precisions that have one. */
export function jsonlRows(out: Writable, modality: Modality): RowSink {
  return {
    async add(names, rows) {
      const lines = names.map((name, i) => {
        const scale = rows.scales?.[i];
        const embedding = Array.from(rowValues(rows, i), shortFloat);
        return `${JSON.stringify({ [nameField[modality]]: name, embedding, scale: scale && shortFloat(scale) })}\n`;
      });
      await write(out, lines.join(''));
    },
    close: async () => {},
    discard: async () => {},
  };
}
