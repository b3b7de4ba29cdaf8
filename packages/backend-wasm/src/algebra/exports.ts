/** What `assembly/algebra` exports. Numbers of bytes and places are in the instance's own memory. */
export interface AlgebraExports {
  product(
    how: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    cRow: number,
    m: number,
    k: number,
    n: number,
    beside: number,
    scratch: number,
  ): void;
  productBytes(n: number): number;
  cholesky(a: number, n: number, first: number, end: number): number;
  solveLower(l: number, n: number, b: number, m: number, first: number, end: number): void;
  solveLowerTransposed(l: number, n: number, b: number, m: number, first: number, end: number): void;
  tridiagonalize(
    a: number,
    n: number,
    d: number,
    e: number,
    v: number,
    taus: number,
    w: number,
    begin: number,
    end: number,
  ): void;
  factorsOf(v: number, row: number, taus: number, size: number, n: number, t: number): void;
  sweep(d: number, e: number, n: number, place: number): number;
  rotate(n: number, vectors: number, place: number, begin: number, end: number): void;
  rotationBytes(n: number): number;
}
