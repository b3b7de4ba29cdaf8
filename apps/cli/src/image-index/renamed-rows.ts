import type { Embeddings, Precision } from '@diptych/core';
import type { Embedded, ImageIndex } from './image-index.ts';
import type { Listed } from './list-images.ts';

/** Of rows that are kept of files that are gone: a folder that is renamed has many. */
const most = 10_000;

/** Rows of files under names that they had before: one that was renamed is the same file. */
export class RenamedRows {
  readonly #index: ImageIndex;
  readonly #files = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  readonly #gone = new Map<string, Embedded>();

  /** @param listed Files that have their rows. */
  constructor(index: ImageIndex, listed: Iterable<Listed>) {
    this.#index = index;
    for (const one of listed) this.note(one);
  }

  /** That a file has its row. */
  note({ key, file }: Listed): void {
    this.#files.set(key, file);
    this.#keys.set(file, key);
  }

  /** Keeps the row of a file that is gone, and is about to lose it. */
  async keep(key: string): Promise<void> {
    const file = this.#files.get(key);
    this.#files.delete(key);
    const row = await this.#index.find(key);
    if (file === undefined || !row) return;
    this.#gone.set(file, row);
    if (this.#gone.size > most) this.#gone.delete(this.#gone.keys().next().value!);
  }

  /** The row of a file that was not written to since it had it, whether its old name is known to be gone or not yet. */
  async take({ file, stamp }: Listed): Promise<Embeddings<Precision> | undefined> {
    const key = this.#keys.get(file);
    const found = this.#gone.get(file) ?? (key === undefined ? undefined : await this.#index.find(key));
    this.#gone.delete(file);
    return found && found.stamp.size === stamp.size && found.stamp.mtimeMs === stamp.mtimeMs ? found.row : undefined;
  }
}
