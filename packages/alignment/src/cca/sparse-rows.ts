import { EmbeddingError, type SparseRows } from '@diptych/core';
import { columnMeans } from '../linear-algebra/columns.ts';
import type { Rows } from '../linear-algebra/matrix.ts';

/**
 * What is not 0 of any rows, checked.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when there is no row, a value is not finite or a row has a column that there is
 *   not, or twice. The message says `name`.
 */
export function sparseRows(rows: Rows | SparseRows, name: string): SparseRows {
  if ('starts' in rows) return checked(rows, name);
  columnMeans(rows, name); // Its checks are those of all dense rows.
  return withoutZeros(rows);
}

/** Mean of every column. */
export function sparseMeans({ values, columns, shape: [n, width] }: SparseRows): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[columns[i]!]! += values[i]!;
  return sums.map((sum) => sum / n);
}

function withoutZeros({ data, shape: [n, width] }: Rows): SparseRows {
  let count = 0;
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) count++;
  const [values, columns, starts] = [new Float64Array(count), new Uint32Array(count), new Uint32Array(n + 1)];
  for (let row = 0, at = 0, i = 0; row < n; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (data[at] === 0) continue;
      values[i] = data[at]!;
      columns[i++] = column;
    }
    starts[row + 1] = i;
  }
  return { values, columns, starts, shape: [n, width] };
}

function checked(rows: SparseRows, name: string): SparseRows {
  const { values, columns, starts, shape } = rows;
  const [n, width] = shape;
  const fail = (expected: string, got: unknown): never => {
    throw new EmbeddingError('INPUT_INVALID', { where: name, expected, got: String(got) });
  };
  if (n < 1) fail('at least one row', 'none');
  if (starts.length !== n + 1 || starts[0] !== 0)
    fail(`${n + 1} starts from 0 on`, `${starts.length} from ${starts[0]}`);
  if (columns.length !== values.length) fail(`columns of ${values.length} values`, columns.length);
  if (starts[n] !== values.length) fail(`${values.length} values in all rows`, starts[n]);
  /** The row that a column was last in, from 1 on. */
  const lastIn = new Uint32Array(width);
  for (let row = 0; row < n; row++) {
    if (starts[row]! > starts[row + 1]!) fail(`row ${row} to end where it begins or later`, starts[row + 1]);
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const column = columns[i]!;
      if (!Number.isFinite(values[i])) fail('finite values', `${values[i]} at row ${row}, column ${column}`);
      if (column >= width) fail(`columns below ${width}`, `${column} in row ${row}`);
      if (lastIn[column] === row + 1) fail('each column once in a row', `column ${column} twice in row ${row}`);
      lastIn[column] = row + 1;
    }
  }
  return rows;
}
