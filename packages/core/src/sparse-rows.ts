/** Rows that are mostly 0, row after row: what scipy calls CSR, `csr_matrix((values, columns, starts))`. */
export interface SparseRows {
  readonly values: Float32Array | Float64Array;
  /** Column of each value; a row has each at most once. */
  readonly columns: Uint32Array;
  /** Where the values of each row begin, and after them where the last row ends: one more than there are rows. */
  readonly starts: Uint32Array;
  readonly shape: readonly [rows: number, columns: number];
}
