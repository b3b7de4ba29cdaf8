import { inverseNorms } from '@diptych/core';
import { finiteRows, type FiniteRows, type Rows } from './rows.ts';

/** Every row at length 1, in double precision. A zero row stays zero. */
export function unitRows(rows: Rows): FiniteRows & { readonly data: Float64Array } {
  const { data, shape } = finiteRows(rows, 'unitRows');
  const inverse = inverseNorms({ data, shape });
  return { data: Float64Array.from(data, (value, i) => value * inverse[Math.floor(i / shape[1])]!), shape };
}
