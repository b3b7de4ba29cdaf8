import { atOnce } from '@diptych/core';
import type { Matrix } from '../../src/index.ts';
import { subtractRow } from '@diptych/core';
import { columnMeans } from '../../src/linear-algebra/columns.ts';
import { multiplyTransposed, transpose } from '../../src/linear-algebra/matrix.ts';

/** Pearson's correlation of column `i` of both. */
export function correlation(x: Matrix, y: Matrix, i: number): number {
  const [a, b] = [x, y].map((m) =>
    transpose(subtractRow(m, columnMeans(m, ''))).data.slice(i * m.shape[0], (i + 1) * m.shape[0]),
  );
  return dot(a!, b!) / Math.sqrt(dot(a!, a!) * dot(b!, b!));
}

/** Cosine of every row of both, row-major. */
export function cosine(x: Matrix, y: Matrix): Float64Array {
  const norms = (m: Matrix) =>
    Float64Array.from({ length: m.shape[0] }, (_, i) =>
      Math.hypot(...m.data.slice(i * m.shape[1], (i + 1) * m.shape[1])),
    );
  const [a, b] = [norms(x), norms(y)];
  return atOnce(multiplyTransposed(x, y)).data.map(
    (value, at) => value / a[Math.floor(at / b.length)]! / b[at % b.length]!,
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
