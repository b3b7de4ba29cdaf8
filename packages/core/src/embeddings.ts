/** How a component is stored. `binary` and `ubinary` keep only its sign, eight to a byte. */
export type Precision = 'float32' | 'int8' | 'uint8' | 'binary' | 'ubinary';

/** Host array of each precision. */
export interface EmbeddingData {
  float32: Float32Array;
  int8: Int8Array;
  uint8: Uint8Array;
  binary: Int8Array;
  ubinary: Uint8Array;
}

/** Rows of one vector space, row-major; plain data that can be stored or posted to a worker. */
export interface Embeddings<P extends Precision = 'float32'> {
  readonly precision: P;
  /** `[n, dim]`; for the binary precisions `[n, ceil(dim / 8)]` bytes, first component in the highest bit. */
  readonly data: EmbeddingData[P];
  /** `dim` counts components, whatever the precision. */
  readonly shape: readonly [n: number, dim: number];
  /** Id of the model; only rows of one model are comparable. */
  readonly model: string;
  /** Per row, the value of one `int8` or `uint8` step; absent for the other precisions. */
  readonly scales?: Float32Array;
}

/** Rows of items that have several each, as of the tokens of texts; plain data too. */
export interface TokenEmbeddings<P extends Precision = 'float32'> extends Embeddings<P> {
  /** `[items + 1]`: item `i` has the rows from `offsets[i]` to before `offsets[i + 1]`, at least one. */
  readonly offsets: Uint32Array;
}
