import type { FiniteRows } from './rows.ts';

/** The rows of `a`, then those of `b`, in double precision. */
export function concatenateRows(a: FiniteRows, b: FiniteRows): FiniteRows {
  const data = new Float64Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { data, shape: [a.shape[0] + b.shape[0], a.shape[1]] };
}
