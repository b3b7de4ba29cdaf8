import { EmbeddingError, type Embeddings, type ErrorCode, type Problem } from '@diptych/core';
import type { EmbeddingSpace, OpenOptions, Prediction } from 'diptych';

export type Modality = 'text' | 'image';

/** Texts as they are, images as the bytes of their files. */
export type Item = string | Uint8Array;

/** What decides a row besides its item: items of one batch share it. */
export interface RowOptions {
  readonly modality: Modality;
  readonly normalize: boolean;
  readonly truncateDim?: number | undefined;
}

/** What a process is started with. */
export interface Start {
  readonly model: string;
  readonly dtype?: OpenOptions['dtype'] | undefined;
  readonly maxPixels: number;
}

/** What a model says of itself. */
export type Description = Pick<
  EmbeddingSpace,
  'id' | 'architecture' | 'dim' | 'modalities' | 'parameters' | 'bytes' | 'dtype'
>;

/** An error as it crosses between processes: one of ours by its fields, of any other the text. */
export type Crossed = (Problem & { readonly code: ErrorCode }) | { readonly message: string };

/** Rows of a batch; those that are left out with their place and the reason. */
export interface BatchRows {
  readonly rows: Embeddings;
  readonly skipped: readonly { readonly at: number; readonly error: Crossed }[];
}

export interface Methods {
  embed: { readonly args: readonly [items: readonly Item[], options: RowOptions]; readonly value: BatchRows };
  classify: {
    readonly args: readonly [rows: Embeddings, labels: readonly string[]];
    readonly value: readonly (readonly Prediction[])[];
  };
}

export type Asked =
  | { readonly start: Start }
  | { readonly call: number; readonly method: keyof Methods; readonly args: readonly unknown[] }
  | { readonly abort: number }
  | { readonly stop: true };

export type Told =
  | { readonly started: Description }
  | { readonly failed: Crossed }
  | { readonly answer: number; readonly value?: unknown; readonly error?: Crossed };

export function cross(error: unknown): Crossed {
  if (!(error instanceof EmbeddingError)) return { message: error instanceof Error ? error.message : String(error) };
  const { code, where, expected, got, cure } = error;
  return { code, where, expected, got, ...(cure !== undefined && { cure }) };
}

export function crossed(error: Crossed): Error {
  return 'code' in error ? new EmbeddingError(error.code, error) : new Error(error.message);
}
