import type { Floor } from '../insight/cut-off.ts';
import type { Matrix } from '../insight/rows.ts';
import type { Photo } from './photo.ts';
import type { Ranking } from './rank.ts';
import type { RowTable } from './row-table.ts';
import type { Answers, Questions, Told } from './scorer-worker.ts';

interface Waiting {
  readonly resolve: (answer: Answers[keyof Answers]) => void;
  readonly reject: (problem: Error) => void;
}

/** Compares all rows of a table, of which it has a copy in a thread of its own: thousands of them are never gone through here. */
export class Scorer {
  readonly #table: RowTable;
  readonly #worker = new Worker(new URL('./scorer-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  /** @param table An empty one; what comes into it and goes from it has to be told. */
  constructor(table: RowTable) {
    this.#table = table;
    this.#tell({ kind: 'begin', dim: table.dim });
    this.#worker.addEventListener(
      'message',
      ({ data }: MessageEvent<{ call: number; answer: Answers[keyof Answers]; problem?: string }>) => {
        const waiting = this.#waiting.get(data.call);
        this.#waiting.delete(data.call);
        if (data.problem === undefined) waiting?.resolve(data.answer);
        else waiting?.reject(new Error(data.problem));
      },
    );
  }

  add(photos: readonly Photo[], data: Float32Array): void {
    this.#tell({ kind: 'add', ids: photos.map(({ id }) => id), data });
  }

  remove(ids: ReadonlySet<string>): void {
    this.#tell({ kind: 'remove', ids });
  }

  /** @param query `[dim]`, of unit length. */
  async rank(query: Float32Array, floor: Floor | undefined): Promise<Ranking> {
    const { photos } = this.#table.rows;
    const { places, scores, fits } = await this.#ask('rank', { query, floor });
    return { photos: Array.from(places, (place) => photos[place]!), scores, fits };
  }

  floor(words: Matrix): Promise<Floor> {
    return this.#ask('floor', { words });
  }

  /** What is asked is never answered from here on. */
  close(): void {
    this.#worker.terminate();
  }

  #ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    const call = this.#calls++;
    this.#tell({ kind, call, question } as Told);
    return new Promise<Answers[keyof Answers]>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
    }) as Promise<Answers[K]>;
  }

  #tell(told: Told): void {
    this.#worker.postMessage(told);
  }
}
