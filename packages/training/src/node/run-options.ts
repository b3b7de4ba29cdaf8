import type { EmbeddingError } from '@diptych/core';

/** What a run of a configuration is told besides. */
export interface RunOptions {
  /** Folder for the model, its states and its curves. */
  readonly output: string;
  /** Goes on where a run in the folder stopped. Default `false`: a folder with a run is refused. */
  readonly resume?: boolean | undefined;
  /** Folder in which runs share what towers that stay as they are give of each image. Default none: each computes it once. */
  readonly featureCache?: string | undefined;
  readonly signal?: AbortSignal;
  /** Items of a task that are done. */
  readonly onProgress?: (task: 'features' | 'training', done: number, total: number) => void;
  /** Told when the newest state is damaged and the one before is taken. */
  readonly onDamaged?: (problem: EmbeddingError) => void;
}
