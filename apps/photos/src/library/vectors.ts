import { EmbeddingError } from '@diptych/core';
import { indexedDbStore, type Store } from '@diptych/retrieval';
import type { Embedder } from 'diptych/worker';
import type { Collection } from './collection.ts';
import type { Photo } from './photo.ts';
import { RowTable } from './row-table.ts';
import { Scorer } from './scorer.ts';

/** Rows of one model: kept in the browser, in memory, and in a thread for searches. */
export class Vectors {
  readonly table: RowTable;
  readonly scorer: Scorer;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.table = new RowTable(store.config.dim);
    this.scorer = new Scorer(this.table);
  }

  /** @param collection Rows of what is not in it are left over, and removed. */
  static async open(key: string, embedder: Embedder, collection: Collection): Promise<Vectors> {
    const { photos } = collection;
    const vectors = new Vectors(await storeOf(`diptych-photos-rows-${key}`, embedder));
    const over: string[] = [];
    for await (const { ids, rows } of vectors.#store.rows()) {
      const { dim } = vectors.table;
      const there = ids.flatMap((id, i) => (photos.has(id) ? [i] : []));
      const data = new Float32Array(there.length * dim);
      there.forEach((i, to) => data.set(rows.data.subarray(i * dim, (i + 1) * dim), to * dim));
      const kept = there.map((i) => photos.get(ids[i]!)!);
      vectors.show(kept, data);
      over.push(...ids.filter((id) => !photos.has(id)));
    }
    await vectors.#store.delete(await collection.unknown(over));
    return vectors;
  }

  /** Durable once it resolves. */
  async put(photos: readonly Photo[], data: Float32Array): Promise<void> {
    if (photos.length === 0) return;
    const { model, dim } = this.#store.config;
    const rows = { data, shape: [photos.length, dim] as [number, number], model, precision: 'float32' as const };
    await this.#store.upsert(
      photos.map(({ id }) => id),
      rows,
    );
    this.show(photos, data);
  }

  async remove(ids: ReadonlySet<string>): Promise<void> {
    const ours = [...ids].filter((id) => this.table.has(id));
    if (ours.length === 0) return;
    this.drop(ids);
    await this.#store.delete(ours);
  }

  /** What another tab stored. */
  show(photos: readonly Photo[], data: Float32Array): void {
    this.table.add(photos, data);
    this.scorer.add(photos, data);
  }

  /** What another tab removed, or is removed next. */
  drop(ids: ReadonlySet<string>): void {
    this.table.remove(ids);
    this.scorer.remove(ids);
  }

  async close(): Promise<void> {
    this.scorer.close();
    await this.#store.close();
  }
}

/** Rows of another version of a model are of no use. */
async function storeOf(name: string, { id, dim }: Embedder): Promise<Store> {
  const config = { model: id, dim, precision: 'float32' } as const;
  try {
    return await indexedDbStore(name, config);
  } catch (error) {
    if (!(error instanceof EmbeddingError) || error.code !== 'INPUT_INVALID') throw error;
    const request = indexedDB.deleteDatabase(name);
    await new Promise<void>((resolve, reject) => {
      request.addEventListener('success', () => resolve());
      request.addEventListener('error', () => reject(request.error));
    });
    return indexedDbStore(name, config);
  }
}
