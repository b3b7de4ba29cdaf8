import { EmbeddingError, type Embeddings, expectMembers, type Precision, quote } from '@diptych/core';
import { checkCount, checkRows, checkSpace } from '../check-rows.ts';
import { compileFilter } from '../compile-filter.ts';
import type { Metadata } from '../metadata.ts';
import type {
  Engine,
  IndexRecall,
  IndexSearchOptions,
  Recovery,
  Store,
  StoreConfig,
  StoredEntries,
  StoredRow,
  StoredRows,
  StoreHit,
  StoreSearchOptions,
} from '../store.ts';
import { BytePool } from './byte-pool.ts';
import { checkIds, checkPut } from './check-put.ts';
import { indexRecall } from './index-recall.ts';
import { itemsOf, rowsOf } from './items.ts';
import type { Item, RowStorage } from './row-storage.ts';
import { searchStorage } from './search-storage.ts';

/** The contract of every store over what differs between them: checks before, one call after the other. */
export class CheckedStore implements Store {
  readonly config: Required<StoreConfig>;
  readonly recovered: Recovery;
  readonly #storage: RowStorage;
  readonly #pool = new BytePool();
  #last: Promise<unknown> = Promise.resolve();
  readonly #besides = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(config: Required<StoreConfig>, storage: RowStorage) {
    this.config = config;
    this.recovered = storage.recovered;
    this.#storage = storage;
  }

  get engine(): Engine {
    return this.#storage.engine ?? { name: 'javascript' };
  }

  async add(ids: readonly string[], rows: Embeddings<Precision>, metadata?: readonly Metadata[]): Promise<void> {
    const there = await this.#write(ids, rows, metadata, (items) => this.#storage.add(items));
    if (there !== undefined) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'store',
        expected: 'new ids',
        got: `'${there}', which is stored`,
      });
    }
  }

  async upsert(ids: readonly string[], rows: Embeddings<Precision>, metadata?: readonly Metadata[]): Promise<void> {
    await this.#write(ids, rows, metadata, (items) => this.#storage.put(items));
  }

  async delete(ids: readonly string[]): Promise<number> {
    checkIds('store', ids);
    const wanted = [...ids];
    return this.#next(() => this.#storage.remove(wanted));
  }

  async get(ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    checkIds('store', ids);
    const wanted = [...ids];
    const items = await this.#next(() => this.#storage.get(wanted));
    return items.map((item) => item && this.#row(item));
  }

  async search(queries: Embeddings, k: number, options: StoreSearchOptions = {}): Promise<StoreHit[][]> {
    expectMembers(options, 'search: options');
    const { filter, signal } = options;
    const byIndex = this.#byIndex(options);
    checkSpace('search', queries, this.config);
    checkRows('search', queries);
    checkCount('search: k', k);
    const passes = filter && compileFilter(filter, this.config.fields);
    const [copy, same] = [{ ...queries, data: queries.data.slice() }, structuredClone(filter)];
    const storage = this.#storage;
    const found =
      !byIndex && storage.search && (await this.#beside(() => storage.search!(copy, { k, filter: same, signal })));
    if (found) return found;
    return this.#next(() => searchStorage(this.#storage, copy, { k, passes, filter: same, signal, byIndex }));
  }

  async recall(queries: Embeddings, k: number, options: IndexSearchOptions = {}): Promise<IndexRecall> {
    expectMembers(options, 'recall: options');
    this.#byIndex({ ...options, exact: false });
    checkSpace('recall', queries, this.config);
    checkRows('recall', queries);
    checkCount('recall: k', k);
    return indexRecall(this, { ...queries, data: queries.data.slice() }, k, options);
  }

  async count(): Promise<number> {
    return this.#next(() => this.#storage.count());
  }

  async *rows(): AsyncGenerator<StoredRows> {
    for await (const { rows, ...entries } of this.#read(this.#storage.blocks())) {
      yield { ...copied(entries), rows: { ...rows, data: rows.data.slice() } };
    }
  }

  async *entries(): AsyncGenerator<StoredEntries> {
    const blocks: AsyncIterable<StoredEntries> | Iterable<StoredEntries> =
      this.#storage.entries?.() ?? this.#storage.blocks();
    for await (const entries of this.#read(blocks)) yield copied(entries);
  }

  /** Each in its turn. */
  async *#read<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
    const blocks = inTurn(values);
    try {
      for (;;) {
        const { done, value } = await this.#next(() => blocks.next());
        if (done) return;
        yield value;
      }
    } finally {
      // Whoever stops early ends the reading too.
      await (this.#closed ? blocks.return(undefined) : this.#next(() => blocks.return(undefined)));
    }
  }

  close(): Promise<void> {
    return (this.#closed ??= Promise.allSettled([this.#last, ...this.#besides]).then(() => this.#storage.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #write<T>(
    ids: readonly string[],
    rows: Embeddings<Precision>,
    metadata: readonly Metadata[] | undefined,
    call: (items: readonly Item[]) => Promise<T>,
  ): Promise<T> {
    checkPut(ids, rows, metadata, this.config);
    const bytes = this.#pool.take(rows.data.byteLength);
    const items = itemsOf(ids, rows, metadata, bytes);
    try {
      return await this.#next(() => call(items));
    } finally {
      this.#pool.give(bytes);
    }
  }

  #byIndex({ exact = true, efSearch, probes }: StoreSearchOptions) {
    if (typeof exact !== 'boolean') throw wrong('search: exact', 'true or false', exact);
    if (efSearch !== undefined) checkCount('search: efSearch', efSearch);
    if (probes !== undefined) checkCount('search: probes', probes);
    if (exact) {
      if ((efSearch ?? probes) === undefined) return undefined;
      throw wrong('search: options', 'exact: false beside efSearch or probes', exact);
    }
    if (this.#storage.candidates) return { efSearch, probes };
    const got = `none of ${this.engine.name}`;
    throw new EmbeddingError('UNSUPPORTED', { where: 'search: exact: false', expected: 'a store with an index', got });
  }

  #row({ id, bytes, scale, metadata }: Item): StoredRow {
    return { id, row: rowsOf(bytes.slice(), [scale], this.config), metadata: { ...metadata } };
  }

  /** After all calls before it, whether they failed or not. */
  #next<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) throw closed();
    const result = this.#last.then(call);
    this.#last = result.catch(() => {});
    return result;
  }

  /** At once. */
  async #beside<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) throw closed();
    const result = call();
    this.#besides.add(result);
    try {
      return await result;
    } finally {
      this.#besides.delete(result);
    }
  }
}

function copied({ ids, metadata }: StoredEntries): StoredEntries {
  return { ids: [...ids], metadata: metadata.map((one) => ({ ...one })) };
}

async function* inTurn<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, undefined> {
  yield* values;
}

function wrong(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected, got: quote(got) });
}

function closed(): EmbeddingError {
  return new EmbeddingError('DISPOSED', { where: 'store', expected: 'an open one', got: 'a closed one' });
}
