import { type DoubleMatrix, unitRows as unitRowsOf } from '@diptych/core';
import { finiteRows, type Rows } from './rows.ts';

/** Every row at length 1, in double precision. A zero row stays zero. */
export function unitRows(rows: Rows): DoubleMatrix {
  return unitRowsOf(finiteRows(rows, 'unitRows'));
}
