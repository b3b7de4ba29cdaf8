import type { Embeddings, Precision } from '@diptych/core';
import type { Filter } from '../filter.ts';
import type { Metadata } from '../metadata.ts';
import type { Engine, Recovery, StoreHit } from '../store.ts';

/** A row as bytes, with what belongs to it. All are of one precision and dimension. */
export interface Item {
  readonly id: string;
  readonly metadata: Metadata;
  /** Components, in the byte order of the machine, which is little-endian wherever there is WebAssembly. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The step of `int8` and `uint8`. */
  readonly scale?: number | undefined;
}

/** Some rows in the order in which they were stored. */
export interface Block {
  readonly ids: readonly string[];
  readonly metadata: readonly Metadata[];
  readonly rows: Embeddings<Precision>;
}

/** What one query looks for. */
export interface Wanted {
  /** Of length 1. */
  readonly query: Float32Array;
  readonly k: number;
  readonly filter?: Filter | undefined;
}

/** What one query looks for by an index. */
export interface WantedByIndex extends Wanted {
  readonly efSearch?: number | undefined;
  readonly probes?: number | undefined;
}

export interface StorageSearchOptions {
  readonly k: number;
  readonly filter?: Filter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What differs between stores. Everything was checked before, and calls never overlap. */
export interface RowStorage {
  /** Of this contract: a package that was written for another is refused. */
  readonly version: 1;
  readonly recovered: Recovery;
  /** Default: JavaScript. */
  readonly engine?: Engine | undefined;
  /** All or none, durable when it resolves. An item whose id is there keeps its place in the order. */
  put(items: readonly Item[]): Promise<void>;
  /** As `put`, of ids that are not there: returns the first that is, and stores nothing then. */
  add(items: readonly Item[]): Promise<string | undefined>;
  /** How many were there. */
  remove(ids: readonly string[]): Promise<number>;
  get(ids: readonly string[]): Promise<(Item | undefined)[]>;
  /** In the order in which they were first stored: all rows, with or without those that fail the filter. */
  blocks(filter?: Filter): AsyncIterable<Block> | Iterable<Block>;
  /** As `blocks`, without components, for a storage that would read them alone. */
  entries?(): Iterable<Pick<Block, 'ids' | 'metadata'>>;
  /** In that order too: every row that may be among the best, for a database that compares rows itself; `undefined` for all. */
  near?(wanted: Wanted): Promise<Block | undefined>;
  /**
   * In any order: what an index says is near, for `exact: false`, which is refused where this is absent; `undefined` where
   * all are to be compared.
   */
  readonly candidates?: ((wanted: WantedByIndex) => Promise<Block | undefined>) | undefined;
  /**
   * Every query's best, for a storage that searches itself. It may be called while other calls are under way, and has the
   * rows of all that were done before. `undefined` when it cannot at the moment.
   */
  search?(queries: Embeddings, options: StorageSearchOptions): Promise<StoreHit[][] | undefined>;
  count(): Promise<number>;
  close(): Promise<void>;
}
