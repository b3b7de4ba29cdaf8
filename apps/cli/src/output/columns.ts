import { oneLine } from './one-line.ts';

/**
 * One line for each row, two spaces between cells.
 *
 * @param sides Per column whether it leans to the left or to the right: `'lrl'`.
 */
export function columns(sides: string, rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = Array.from(sides, (_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const padded = cells.map((row) =>
    row.map((cell, i) => (sides[i] === 'r' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))),
  );
  return padded.map((row) => `${row.join('  ').trimEnd()}\n`).join('');
}
