import { type Matrix, transpose, zeros } from './matrix.ts';

/**
 * `a = q · r` by Householder reflections, `q` `[m, n]` with orthonormal columns and `r` `[n, n]` an upper triangle.
 *
 * @param a `[m, n]`, `m` at least `n`.
 */
export function thinQr(a: Matrix): { readonly q: Matrix; readonly r: Matrix } {
  const [m, n] = a.shape;
  // Rows of the transpose are columns, side by side in memory.
  const columns = transpose(a).data;
  const reflections = Array.from({ length: n }, (_, k) => {
    const reflection = reflectionOf(columns.subarray(k * m + k, (k + 1) * m));
    for (let j = k; j < n; j++) reflect(reflection, columns.subarray(j * m + k, (j + 1) * m));
    return reflection;
  });
  const r = zeros(n, n);
  for (let j = 0; j < n; j++) for (let i = 0; i <= j; i++) r.data[i * n + j] = columns[j * m + i]!;
  const q = zeros(n, m);
  for (let j = 0; j < n; j++) {
    q.data[j * m + j] = 1;
    for (let k = j; k >= 0; k--) reflect(reflections[k]!, q.data.subarray(j * m + k, (j + 1) * m));
  }
  return { q: transpose(q), r };
}

/** Unit vector `v` for which `x - 2 (v · x) v` has only a first component; zeros when `x` is zero. */
function reflectionOf(x: Float64Array): Float64Array {
  const v = x.slice();
  const norm = Math.sqrt(dot(x, x));
  v[0]! += v[0]! < 0 ? -norm : norm;
  const length = Math.sqrt(dot(v, v));
  return length > 0 ? v.map((value) => value / length) : v;
}

function reflect(v: Float64Array, x: Float64Array): void {
  const twice = 2 * dot(v, x);
  for (let i = 0; i < x.length; i++) x[i]! -= twice * v[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
