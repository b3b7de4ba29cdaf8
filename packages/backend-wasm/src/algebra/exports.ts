// Made of `assembly/algebra/index.ts` by `tools/kernels.mjs`: not by hand.

/** What the binary of `assembly/algebra/index.ts` exports; the sources say what each does. */
export interface AlgebraExports {
  rotate(n: number, vectors: number, place: number, begin: number, end: number): void;
  rotationBytes(n: number): number;
  sweep(d: number, e: number, n: number, place: number): number;
  product(of: {
    readonly how: number;
    readonly a: number;
    readonly aRow: number;
    readonly aColumn: number;
    readonly b: number;
    readonly bRow: number;
    readonly bColumn: number;
    readonly c: number;
    readonly cRow: number;
    readonly m: number;
    readonly k: number;
    readonly n: number;
    readonly beside: number;
    readonly scratch: number;
  }): void;
  productBytes(n: number): number;
  cholesky(a: number, n: number, first: number, end: number): number;
  solveLower(l: number, n: number, b: number, m: number, first: number, end: number): void;
  solveLowerTransposed(l: number, n: number, b: number, m: number, first: number, end: number): void;
  factorsOf(v: number, row: number, taus: number, size: number, n: number, t: number): void;
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
}

/** The exports of an instance. */
export function readExports(exports: WebAssembly.Exports): AlgebraExports {
  const raw = exports as Record<string, (...given: number[]) => number>;
  const byName: Partial<AlgebraExports> = {
    product: (of) =>
      raw['product']!(
        of.how,
        of.a,
        of.aRow,
        of.aColumn,
        of.b,
        of.bRow,
        of.bColumn,
        of.c,
        of.cRow,
        of.m,
        of.k,
        of.n,
        of.beside,
        of.scratch,
      ),
  };
  return Object.assign({}, exports as object, byName) as AlgebraExports;
}
