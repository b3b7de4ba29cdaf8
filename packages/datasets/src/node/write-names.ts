import { open } from 'node:fs/promises';
import { expectList, expectMembers, expectText, expectTexts } from '@diptych/core';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Which rows a table of names tells of. */
export interface RowNames {
  /** Name of the column of the names. */
  readonly column: string;
  /** One a row, in their order. */
  readonly names: readonly string[];
  /** The step of each row, for precisions that have one; a column `scale`. Default none. */
  readonly scales?: ArrayLike<number> | undefined;
}

/** The names of stored rows as a parquet file of its own, as clip-retrieval has it; on the disk when it resolves. */
export async function writeNames(path: string, rows: RowNames): Promise<void> {
  expectText(path, 'writeNames');
  const { column, names, scales = [] } = expectMembers(rows, 'writeNames: rows');
  expectText(column, 'writeNames: column');
  expectTexts(names, 'writeNames: names');
  expectList(scales, 'writeNames: scales');
  const columnData = [
    { name: column, data: [...names], type: 'STRING' as const, nullable: false },
    ...(scales.length > 0
      ? [{ name: 'scale', data: Array.from(scales), type: 'FLOAT' as const, nullable: false }]
      : []),
  ];
  const bytes = parquetWriteBuffer({ columnData });
  const file = await open(path, 'wx');
  try {
    await file.writeFile(new Uint8Array(bytes));
    await file.sync();
  } finally {
    await file.close();
  }
}
