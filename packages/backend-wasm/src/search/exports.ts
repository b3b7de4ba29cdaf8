// Made of `assembly/search/index.ts` by `tools/kernels.mjs`: not by hand.

/** What the binary of `assembly/search/index.ts` exports; the sources say what each does. */
export interface SearchExports {
  dotFloat32(rows: number, count: number, queries: number, n: number, dim: number, to: number): void;
  dotInt8(rows: number, count: number, queries: number, n: number, width: number, to: number): void;
  dotInt8At(rows: number, chosen: number, count: number, query: number, width: number, to: number): void;
  dotSigns(rows: number, count: number, queries: number, n: number, width: number, dim: number, to: number): void;
  quantizeRows(rows: number, count: number, dim: number, mean: number, to: number, width: number, told: number): void;
}

/** The exports of an instance. */
export function readExports(exports: WebAssembly.Exports): SearchExports {
  return Object.assign({}, exports as object) as SearchExports;
}
