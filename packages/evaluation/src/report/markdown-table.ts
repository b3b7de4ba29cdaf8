import { expectItems, expectTexts } from '@diptych/core';

/** Cells as a Markdown table; the first column leans to the left, the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  expectTexts(header, 'markdownTable: header');
  expectItems(rows, 'markdownTable: rows');
  for (const row of rows) expectTexts(row, 'markdownTable: a row');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
