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
    lower: boolean,
    scratch: number,
  ): void;
  productBytes(n: number): number;
  cholesky(a: number, n: number, scratch: number): number;
  solveLower(l: number, n: number, b: number, m: number, scratch: number): void;
  solveLowerTransposed(l: number, n: number, b: number, m: number, scratch: number): void;
  eigen(a: number, n: number, values: number, vectors: number, v: number, room: number, scratch: number): number;
  eigenBytes(n: number): number;
}
