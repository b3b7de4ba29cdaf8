import type { Embeddings, Precision } from '@diptych/core';
import type { Store } from '@diptych/retrieval';
import { probeId } from './identity.ts';

/** What a file was like when it was embedded. */
export interface Stamp {
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** A file as it was when it was listed. */
export interface Entry {
  /** Its path relative to the index, with `/`: both can move together. */
  readonly key: string;
  readonly stamp: Stamp;
}

/** The row of a file, and what the file was like. */
export interface Embedded {
  readonly stamp: Stamp;
  readonly row: Embeddings<Precision>;
}

/** Rows and the keys of their files. */
export interface RowBlock {
  readonly keys: readonly string[];
  readonly rows: Embeddings<Precision>;
}

/** A file found. */
interface KeyHit {
  readonly key: string;
  readonly score: number;
}

/** Embeddings of files in a store that outlives whatever stops the process, and what each file was like. */
export class ImageIndex implements AsyncDisposable {
  /** Bytes of a torn end that opening dropped; files whose rows it held count as not embedded. */
  readonly dropped: number;
  /** Bytes that are damaged and were left out. */
  readonly damaged: number;
  readonly #store: Store;
  readonly #stamps: Map<string, Stamp>;

  constructor(store: Store, stamps: Map<string, Stamp>) {
    this.dropped = store.recovered.droppedBytes;
    this.damaged = (store.recovered.damaged ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    this.#store = store;
    this.#stamps = stamps;
  }

  get keys(): readonly string[] {
    return [...this.#stamps.keys()];
  }

  /** Whether the file is embedded, as it is or was. */
  knows(key: string): boolean {
    return this.#stamps.has(key);
  }

  /** Whether the file is embedded as it is now. */
  has({ key, stamp }: Entry): boolean {
    const before = this.#stamps.get(key);
    return before?.size === stamp.size && before.mtimeMs === stamp.mtimeMs;
  }

  /** Row `i` is that of entry `i`; it replaces an earlier one. Resolves once they are on the disk. */
  async add(entries: readonly Entry[], rows: Embeddings<Precision>): Promise<void> {
    const keys = entries.map(({ key }) => key);
    await this.#store.upsert(
      keys,
      rows,
      entries.map(({ stamp }) => ({ ...stamp })),
    );
    for (const { key, stamp } of entries) this.#stamps.set(key, stamp);
  }

  /** What is known of an embedded file. */
  async find(key: string): Promise<Embedded | undefined> {
    const stamp = this.#stamps.get(key);
    const [stored] = stamp ? await this.#store.get([key]) : [];
    return stamp && stored && { stamp, row: stored.row };
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.#store.delete(keys);
    for (const key of keys) this.#stamps.delete(key);
  }

  /** The best `k` by cosine for each query, best first. */
  async search(queries: Embeddings, k: number, signal: AbortSignal): Promise<KeyHit[][]> {
    const found = await this.#store.search(queries, k + 1, { signal }); // The probe may be among them.
    return found.map((hits) => {
      return hits
        .filter(({ id }) => id !== probeId)
        .slice(0, k)
        .map(({ id, score }) => ({ key: id, score }));
    });
  }

  /** All rows, in constant memory. */
  async *blocks(): AsyncGenerator<RowBlock> {
    for await (const { ids, rows } of this.#store.rows()) {
      const block = ids[0] === probeId ? withoutFirst(ids, rows) : { keys: ids, rows };
      if (block.keys.length > 0) yield block;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#store.close();
  }
}

function withoutFirst(ids: readonly string[], rows: Embeddings<Precision>): RowBlock {
  const [n, dim] = rows.shape;
  const data = rows.data.subarray(rows.data.length / n);
  return { keys: ids.slice(1), rows: { ...rows, data, shape: [n - 1, dim], scales: rows.scales?.slice(1) } };
}

/** What is known of the files in a store. */
export async function stampsIn(store: Store): Promise<Map<string, Stamp>> {
  const stamps = new Map<string, Stamp>();
  for await (const { ids, metadata } of store.entries()) {
    ids.forEach((id, i) => {
      const { size, mtimeMs } = metadata[i]!;
      if (id !== probeId) stamps.set(id, { size: Number(size), mtimeMs: Number(mtimeMs) });
    });
  }
  return stamps;
}
