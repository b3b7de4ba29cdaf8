import type { Embeddings, Precision } from '@diptych/core';
import type { Modality } from '../space.ts';

/** Where embedded rows go. */
export interface RowSink {
  /** @param names One per row: paths of files, or texts. */
  add(names: readonly string[], rows: Embeddings<Precision>): Promise<void>;
  /** Makes what was added readable. Called once, after an interruption too. */
  close(): Promise<void>;
  /** Instead of `close`: leaves what was there before as it is. */
  discard(): Promise<void>;
}

/** Field of JSON lines that names an item. */
export const nameField: Readonly<Record<Modality, string>> = { image: 'path', text: 'text', audio: 'path' };
