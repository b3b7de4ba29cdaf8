import type { Photo } from './photo.ts';
import type { Refusal } from './refusal.ts';
import type { Source } from './source.ts';

/** What is kept in the browser beside the rows, by id. */
interface Kept {
  photos: Photo;
  thumbnails: Blob;
  refusals: Refusal;
  sources: Source;
  /** Of pictures that no folder has: pasted, or dropped alone. */
  originals: File;
}

type Name = keyof Kept;

const names: readonly Name[] = ['photos', 'thumbnails', 'refusals', 'sources', 'originals'];

/** Values to store of each kind; `undefined` removes one. */
export type Change = { readonly [name in Name]?: ReadonlyMap<string, Kept[name] | undefined> };

/** The browser's database of this page. */
export class Database {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<Database> {
    const request = indexedDB.open('diptych-photos', 1);
    request.addEventListener('upgradeneeded', () => {
      for (const name of names) request.result.createObjectStore(name);
    });
    return new Database(await resultOf(request));
  }

  async get<N extends Name>(name: N, id: string): Promise<Kept[N] | undefined> {
    return resultOf<Kept[N] | undefined>(this.#database.transaction(name).objectStore(name).get(id));
  }

  async all<N extends Name>(name: N): Promise<Kept[N][]> {
    return resultOf<Kept[N][]>(this.#database.transaction(name).objectStore(name).getAll());
  }

  /** All of it or nothing. */
  async change(change: Change): Promise<void> {
    const changed = names.filter((name) => change[name]?.size);
    if (changed.length === 0) return;
    const transaction = this.#database.transaction(changed, 'readwrite');
    for (const name of changed) {
      const store = transaction.objectStore(name);
      for (const [id, value] of change[name]!) {
        if (value === undefined) store.delete(id);
        else store.put(value, id);
      }
    }
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(transaction.error));
    });
  }
}

async function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
