import type { Embeddings, Precision } from '@diptych/core';
import type { Filter } from './filter.ts';
import type { Fields, Metadata } from './metadata.ts';

/** Fixed when a store is made; opening it with another is refused. */
export interface StoreConfig {
  /** Id of the model whose rows these are. */
  readonly model: string;
  readonly dim: number;
  /** Of the rows stored. Queries are always float32. */
  readonly precision: Precision;
  /** What metadata may hold. Default: nothing. */
  readonly fields?: Fields | undefined;
}

/** What opening found. */
export interface Recovery {
  /** Rows that are there. */
  readonly rows: number;
  /** Bytes of a write that was never acknowledged, torn when its process was stopped, and now removed. */
  readonly droppedBytes: number;
  /** What cannot be read: it stays where it is, on the disk, and is not among the rows. Absent when there is none. */
  readonly damaged?: readonly DamagedPart[] | undefined;
}

/** Bytes of a file of a store that are not what was written. */
export interface DamagedPart {
  readonly position: number;
  readonly bytes: number;
  /** Of the row that they were; absent where that is damaged too, as are any number of rows and deletions. */
  readonly id?: string | undefined;
}

/** What compares rows with queries in a search. What is found is the same for all, scores included. */
export interface Engine {
  readonly name: 'javascript' | 'sqlite-vec' | 'pgvector' | 'lancedb';
  /** The kind of index by which `exact: false` searches; absent where that is refused. */
  readonly index?: string | undefined;
  /** Why it is not the one of the database; or why the index of a file is not kept, as on a full disk, also once it is closed. */
  readonly note?: string | undefined;
}

/** A row as it was stored. */
export interface StoredRow {
  readonly id: string;
  /** One row. */
  readonly row: Embeddings<Precision>;
  readonly metadata: Metadata;
}

/** What is known of rows beside their components, in the order in which they were stored. */
export interface StoredEntries {
  readonly ids: readonly string[];
  readonly metadata: readonly Metadata[];
}

/** Rows as they were stored, in that order. */
export interface StoredRows extends StoredEntries {
  readonly rows: Embeddings<Precision>;
}

export interface StoreHit {
  readonly id: string;
  /** Cosine, in `[-1, 1]`. */
  readonly score: number;
  readonly metadata: Metadata;
  /** `false` after a search by an index, which may have missed better rows. The score is exact all the same. */
  readonly exact?: false | undefined;
}

/** How a search by an index goes about it: what the store has no index for is refused. */
export interface IndexSearchOptions {
  /** Rows that a graph is searched for, of which the best are taken. More are slower, and miss less. */
  readonly efSearch?: number | undefined;
  /** Lists of an inverted file that are looked into. */
  readonly probes?: number | undefined;
  readonly filter?: Filter | undefined;
  /** Asked between queries, and between some rows. */
  readonly signal?: AbortSignal | undefined;
}

/** What an index finds of what there is to find, and in which time. */
export interface IndexRecall {
  /** Of the best `k` of all queries, how many were found, in `[0, 1]`. */
  readonly recall: number;
  readonly queries: number;
  /** Median of a query, in milliseconds on the wall. */
  readonly exactMs: number;
  readonly indexMs: number;
}

export interface StoreSearchOptions extends IndexSearchOptions {
  /**
   * `false`: an index of the database names candidates, which are then compared exactly. Default: every row that may be
   * among the best is, whether there is an index or not.
   */
  readonly exact?: boolean | undefined;
}

/**
 * Rows of one model with ids and metadata. A write is stored whole, and is durable when it resolves, or not at all.
 * Calls take effect in the order in which they are made, but a search waits for no write in the stores in memory and in a
 * file: each of its queries has the rows of one moment, with all writes that had resolved when it was called.
 *
 * Every method rejects with `EmbeddingError`: `SHAPE_MISMATCH` for another dimension or number of ids, `INPUT_INVALID`
 * for another model or precision, values that are not finite, malformed or repeated ids, metadata and filters with
 * fields that are not declared; `DISPOSED` once closed. Nothing is stored then.
 */
export interface Store extends AsyncDisposable {
  readonly config: Required<StoreConfig>;
  readonly recovered: Recovery;
  readonly engine: Engine;
  /** Row `i` gets id and metadata `i`. An id that is already stored is `INPUT_INVALID`. */
  add(ids: readonly string[], rows: Embeddings<Precision>, metadata?: readonly Metadata[]): Promise<void>;
  /** As `add`, but takes the place of a row of the same id, with its metadata. */
  upsert(ids: readonly string[], rows: Embeddings<Precision>, metadata?: readonly Metadata[]): Promise<void>;
  /** How many of them were stored. */
  delete(ids: readonly string[]): Promise<number>;
  /** In the order of the ids, `undefined` for one that is not stored. */
  get(ids: readonly string[]): Promise<(StoredRow | undefined)[]>;
  /**
   * For every query its best `k` rows that pass the filter, best first; of equal scores the one stored earlier.
   *
   * @throws {EmbeddingError} `UNSUPPORTED` for `exact: false` where there is no index.
   */
  search(queries: Embeddings, k: number, options?: StoreSearchOptions): Promise<StoreHit[][]>;
  /**
   * Compares a search by the index with an exact one, query by query, in turn.
   *
   * @throws {EmbeddingError} `UNSUPPORTED` where there is no index.
   */
  recall(queries: Embeddings, k: number, options?: IndexSearchOptions): Promise<IndexRecall>;
  count(): Promise<number>;
  /** All rows in the order in which they were first stored, some at a time; other calls may come between. */
  rows(): AsyncGenerator<StoredRows>;
  /** The same without their components, which a file store does not read for that. */
  entries(): AsyncGenerator<StoredEntries>;
  /** Waits for calls under way. Closing again does nothing. */
  close(): Promise<void>;
}
