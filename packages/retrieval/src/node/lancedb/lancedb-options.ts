/** Only for searches with `exact: false`; all others are exact as before. */
export interface LancedbOptions {
  /**
   * Made while the store opens where the table has none, of the 256 rows or more that it must have then, which takes minutes
   * from 20,000 on, and made anew where more were written since than it has. `hnsw` is a graph over components of 8 bits,
   * `IVF_HNSW_SQ` of LanceDB; `ivfpq` is lists of product codes, `IVF_PQ`, of a twelfth of its size.
   */
  readonly index?: 'hnsw' | 'ivfpq' | undefined;
  /** Of `ivfpq`. Default: LanceDB's, by the number of rows. */
  readonly lists?: number | undefined;
  /** Of `hnsw`: neighbours of a row. Default: 20, LanceDB's. */
  readonly m?: number | undefined;
  /** Of `hnsw`: rows that are looked at for them. Default: 300, LanceDB's. */
  readonly efConstruction?: number | undefined;
  /** Leaves off making the index; nothing of it is there then. */
  readonly signal?: AbortSignal | undefined;
}
