import { type ModelChoice, suited } from './models.ts';
import type { Photo, Rows } from './photo.ts';
import type { Progress } from './progress.ts';
import type { Refusal } from './refusal.ts';
import type { Access, Source } from './source.ts';

/** What the page shows. A new one at every change; its parts stay the same ones until they change. */
export interface LibraryState {
  /** False until what the browser kept has been read. */
  readonly ready: boolean;
  /** The newest first. */
  readonly photos: readonly Photo[];
  /** `undefined` until there is a model. */
  readonly rows: Rows | undefined;
  readonly sources: readonly (Source & { readonly access: Access })[];
  readonly refusals: readonly Refusal[];
  readonly model: {
    readonly choice: ModelChoice;
    readonly status: 'opening' | 'ready' | 'failed';
    readonly problem?: string;
  };
  /** While there is something to embed. */
  readonly progress: Progress | undefined;
  readonly paused: boolean;
  /** Another tab embeds, and this one shows what comes of it. */
  readonly elsewhere: boolean;
  /** Why embedding stopped, where it was not the user. */
  readonly problem: string | undefined;
  /** Photos that were embedded since the page was opened. */
  readonly embedded: number;
  /** Folders that are being read. */
  readonly reading: number;
}

const empty: LibraryState = {
  ready: false,
  photos: [],
  rows: undefined,
  sources: [],
  refusals: [],
  model: { choice: suited([]), status: 'opening' },
  progress: undefined,
  paused: false,
  elsewhere: false,
  problem: undefined,
  embedded: 0,
  reading: 0,
};

/** The state, and who is told of its changes. */
export class Shown {
  #state = empty;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LibraryState => this.#state;

  set(change: Partial<LibraryState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
