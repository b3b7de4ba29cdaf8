import type { Embeddings, Precision } from '@diptych/core';
import type { EmbeddingSpace } from '../embedding-space.ts';
import type { OpenOptions } from '../open.ts';
import type { Crossed } from './crossed-error.ts';
import type { Port } from './peer.ts';

/** What a caller first posts to a worker: the port of their own. */
export interface Hello {
  readonly diptych: Port;
}

/** A model as it is posted: an address or a name, or files that the caller reads for the worker. */
export type PostedModel = string | { readonly id: string; readonly can: readonly ('has' | 'peek' | 'paths')[] };

export interface PostedOptions extends Pick<
  OpenOptions,
  'dtype' | 'mergeTokens' | 'backend' | 'files' | 'id' | 'revision' | 'hub'
> {
  /** Which functions of the caller want to hear. */
  readonly told: readonly ('onFile' | 'onDownload' | 'onProgress' | 'onWarning')[];
  /** Address of the caller's page, of which a relative one of the model is. */
  readonly page: string | undefined;
}

/** A file that the caller has opened. */
export interface PostedSource {
  readonly handle: number;
  readonly name: string;
  readonly size: number;
}

/** What a space says of itself. */
export type Description = Pick<
  EmbeddingSpace<Record<string, unknown>>,
  'id' | 'architecture' | 'dim' | 'modalities' | 'similarityFunction' | 'parameters' | 'bytes' | 'dtype' | 'backend'
>;

export interface PostedRows<P extends Precision = Precision> {
  readonly rows: Embeddings<P>;
  /** Items without a row, by their place in the batch. */
  readonly skipped: readonly { readonly error: Crossed; readonly at: number }[];
  /** As it is now: that a page allows no threads shows late. */
  readonly backend: Description['backend'];
}
