import { EmbeddingError, type Embeddings, type ErrorCode, type Problem } from '@diptych/core';
import type { EmbeddingSpace, OpenOptions, Prediction, TextAndAudio, TextAndImage } from 'diptych';
import { HttpProblem } from '../http/problem.ts';

export type Modality = 'text' | 'image' | 'audio';

/** What a model of a process may have. */
export interface Items extends TextAndImage, TextAndAudio {}

/** Texts as they are, images and sounds as the bytes of their files. */
export type Item = string | Uint8Array;

/** What happens to a text of more tokens than the model reads: it loses its end or its start, or is refused. */
export type Truncate = 'END' | 'START' | 'NONE';

/** What decides a row besides its item: items of one batch share it. */
export interface RowOptions {
  readonly modality: Modality;
  readonly normalize: boolean;
  readonly truncateDim?: number | undefined;
  readonly truncate: Truncate;
  /** Most tokens of a text, beside what the model reads. */
  readonly maxTokens?: number | undefined;
}

/** What a process is started with. */
export interface Start {
  readonly model: string;
  readonly dtype?: OpenOptions['dtype'] | undefined;
  readonly maxPixels: number;
}

/** What a model says of itself. */
export type Description = Pick<
  EmbeddingSpace<Items>,
  'id' | 'architecture' | 'dim' | 'modalities' | 'parameters' | 'bytes' | 'dtype'
>;

/**
 * An error as it crosses between processes: one of ours by its fields, of a text that is too long how many tokens the model
 * reads, of any other the text.
 */
export type Crossed =
  | (Problem & { readonly code: ErrorCode })
  | { readonly mostTokens: number }
  | { readonly message: string };

/** Rows of a batch; those that are left out with their place and the reason. */
export interface BatchRows {
  readonly rows: Embeddings;
  /** Of each row, how many tokens the model has read, none of an image or a sound. */
  readonly tokens: readonly number[];
  /** Of each row, how many pixels its file has, none of a text or a sound. */
  readonly pixels: readonly number[];
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
  if ('mostTokens' in error) {
    const message = `A text may have ${error.mostTokens} tokens of this model here, those that it puts around it included.`;
    return new HttpProblem(400, 'context_length_exceeded', message, { param: 'input' });
  }
  return 'code' in error ? new EmbeddingError(error.code, error) : new Error(error.message);
}
