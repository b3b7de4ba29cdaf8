/** Host arrays that a checkpoint may hold. 64-bit integers keep their width. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One array of a checkpoint, row-major. Half-precision values arrive as `Float32Array`, exactly. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Named arrays of a trained model. Reading is lazy: nothing is held after `read` returns. */
export interface Checkpoint {
  readonly names: ReadonlySet<string>;
  /** The file's own notes, where it has any. */
  readonly metadata?: ReadonlyMap<string, string>;
  /** Shape of one array, without reading its data. */
  shape(name: string): readonly number[];
  /** @throws {EmbeddingError} `CHECKPOINT_INVALID` when the file does not hold what its header says. */
  read(name: string, signal?: AbortSignal): Promise<StoredTensor>;
  /**
   * Values `begin` to `end` of an array in reading order, for whom a whole one is too much; not to be written to. Absent
   * where arrays come whole.
   *
   * @param room Where the caller would have them, in memory that stays where it is: may be filled and returned, if it has
   *   as many bytes as the file has for them. It is written to only until the promise is settled.
   * @throws {EmbeddingError} as `read` does.
   */
  readRange?(
    name: string,
    range: readonly [begin: number, end: number],
    room?: Uint8Array,
    signal?: AbortSignal,
  ): Promise<TypedArray>;
  /** Brings the data to where it is read from. Absent where it is there already. */
  fetch?(): Promise<void>;
}
