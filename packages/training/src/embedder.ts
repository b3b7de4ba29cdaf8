import type { Rows } from '@diptych/alignment';

export interface EmbedderOptions {
  /** Whether rows get length 1. */
  readonly normalize: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Items that are embedded. */
  readonly onProgress?: (done: number) => void;
}

/** A model that is open, as an `EmbeddingSpace` of `diptych` is. */
export interface Embedder extends Disposable {
  readonly modalities: readonly string[];
  embed(modality: 'image', images: AsyncIterable<Uint8Array>, options: EmbedderOptions): Promise<Rows>;
  embed(modality: 'text', texts: readonly string[], options: EmbedderOptions): Promise<Rows>;
}

/** Opens the model in a folder, as `open` of `diptych` does. */
export type OpenEmbedder = (folder: string, options: { readonly signal?: AbortSignal }) => Promise<Embedder>;
