/** What the binary of the search exports; `assembly/search` says what each does. */
export interface SearchExports {
  dotFloat32(rows: number, count: number, queries: number, n: number, dim: number, to: number): void;
  dotInt8(rows: number, count: number, queries: number, n: number, width: number, to: number): void;
  dotInt8At(rows: number, chosen: number, count: number, query: number, width: number, to: number): void;
  dotSigns(rows: number, count: number, queries: number, n: number, width: number, dim: number, to: number): void;
  quantizeRows(rows: number, count: number, dim: number, mean: number, to: number, width: number, told: number): void;
}

/** Addresses in bytes. */
export interface Operands {
  readonly rows: number;
  readonly count: number;
  readonly queries: number;
  readonly n: number;
  /** `n * count` float64. */
  readonly to: number;
}
