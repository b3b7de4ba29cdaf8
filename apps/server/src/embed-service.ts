import { type Embeddings, EmbeddingError } from '@diptych/core';
import type { Prediction } from 'diptych';
import { HttpProblem } from './http/problem.ts';
import { fileBytes } from './files/file-bytes.ts';
import type { FileFetcher, FileName } from './files/file-fetcher.ts';
import type { Row } from './models/batcher.ts';
import type { Item, Modality, Truncate } from './models/messages.ts';
import type { Model } from './models/model.ts';
import type { Models } from './models/models.ts';

/** A text, or an image or a sound as data URI, address or base64. */
export type Part = { readonly text: string } | { readonly image: string } | { readonly audio: string };

/** What one vector is made of: one part, or several whose unit rows are averaged. */
export type Input = readonly Part[];

export interface EmbedRequest {
  readonly model?: string | undefined;
  readonly inputs: readonly Input[];
  readonly dimensions?: number | undefined;
  /** Default true. */
  readonly normalize?: boolean | undefined;
  /** Default `END`. */
  readonly truncate?: Truncate | undefined;
  /** Most tokens of a text. Default what the model reads. */
  readonly maxTokens?: number | undefined;
}

/** What a model has read. */
interface Read {
  readonly tokens: number;
  readonly pixels: number;
}

export interface Answered {
  readonly model: string;
  readonly rows: Embeddings;
  /**
   * Texts, images, the tokens of the texts that the model has read, those that it puts around them included, and the pixels of the
   * images' files.
   */
  readonly usage: Read & { readonly texts: number; readonly images: number };
}

export interface ServiceLimits {
  /** Most parts of a request. */
  readonly maxItems: number;
  /** Most letters of a text. */
  readonly maxText: number;
  /** Most bytes of an image or a sound. */
  readonly maxImage: number;
}

const fileNames = { image: 'image', audio: 'sound' } as const satisfies Record<Exclude<Modality, 'text'>, FileName>;

/** What all wire formats come down to. */
export class EmbedService {
  readonly #models: Models;
  readonly #fetcher: FileFetcher;
  readonly #limits: ServiceLimits;

  constructor(models: Models, fetcher: FileFetcher, limits: ServiceLimits) {
    this.#models = models;
    this.#fetcher = fetcher;
    this.#limits = limits;
  }

  /** @returns one row for each input, in order. */
  async embed(request: EmbedRequest, signal: AbortSignal): Promise<Answered> {
    const parts = request.inputs.flat();
    this.#check(request.inputs, parts.length);
    return this.#models.use(request.model, async (model, name) => {
      const { rows, read } = await this.#rows(model, request, signal);
      return { model: name, rows, usage: usageOf(parts, read) };
    });
  }

  /** Scores of the labels for each input, the best first. */
  async classify(
    { labels, ...request }: EmbedRequest & { readonly labels: readonly string[] },
    signal: AbortSignal,
  ): Promise<
    { readonly model: string; readonly results: readonly (readonly Prediction[])[] } & Pick<Answered, 'usage'>
  > {
    const parts = request.inputs.flat();
    this.#check(request.inputs, parts.length + labels.length);
    return this.#models.use(request.model, async (model, name) => {
      const { rows, read } = await this.#rows(model, { inputs: request.inputs }, signal);
      return { model: name, results: await model.classify(rows, labels, signal), usage: usageOf(parts, read) };
    });
  }

  #check(inputs: readonly Input[], parts: number): void {
    const { maxItems } = this.#limits;
    if (parts > maxItems) {
      throw new HttpProblem(413, 'too_many_items', `A request may have ${maxItems} items, got ${parts}.`, {
        param: 'input',
      });
    }
    const empty = inputs.findIndex((input) => input.length === 0);
    if (empty >= 0) throw new HttpProblem(422, 'input_invalid', `Input ${empty} has neither text nor image nor sound.`);
  }

  async #rows(
    model: Model,
    { inputs, dimensions, normalize = true, truncate = 'END', maxTokens }: EmbedRequest,
    signal: AbortSignal,
  ): Promise<{ readonly rows: Embeddings; readonly read: Read }> {
    const isJoint = inputs.some((input) => input.length > 1);
    const parts = inputs.flat();
    const found = await Promise.all(
      (['text', 'image', 'audio'] as const).map(async (modality) => {
        const places = parts.flatMap((part, i) => (modality in part ? [i] : []));
        if (places.length === 0) return [];
        const items = await this.#items(
          modality,
          places.map((i) => parts[i]!),
          signal,
        );
        const options = { modality, normalize: normalize || isJoint, truncateDim: dimensions, truncate, maxTokens };
        const rows = await model.embed(items, options, signal);
        return places.map((place, i) => ({ place, row: rows[i]! }));
      }),
    );
    const rows: Row[] = [];
    for (const { place, row } of found.flat()) rows[place] = row;
    let next = 0;
    const means = inputs.map((input) => meanOf(rows.slice(next, (next += input.length)).map(({ values }) => values)));
    const sumOf = (field: keyof Read): number => rows.reduce((sum, row) => sum + row[field], 0);
    const read = { tokens: sumOf('tokens'), pixels: sumOf('pixels') };
    return { rows: joined(means, model.description.id), read };
  }

  async #items(modality: Modality, parts: readonly Part[], signal: AbortSignal): Promise<Item[]> {
    const { maxText, maxImage } = this.#limits;
    const contents = parts.map((part) => Object.values<string>(part)[0]!);
    if (modality !== 'text') {
      const from = { what: fileNames[modality], fetcher: this.#fetcher, maxBytes: maxImage };
      return Promise.all(contents.map(async (content) => fileBytes(content, from, signal)));
    }
    return contents.map((text) => {
      if (text.length <= maxText) return text;
      throw new HttpProblem(413, 'text_too_long', `A text may have ${maxText} letters, got ${text.length}.`, {
        param: 'input',
      });
    });
  }
}

/** The direction in the middle of unit rows; one row as it is. */
function meanOf(rows: readonly Float32Array[]): Float32Array {
  if (rows.length === 1) return rows[0]!;
  const sum = rows[0]!.map((_, i) => rows.reduce((all, row) => all + row[i]!, 0));
  const length = Math.sqrt(sum.reduce((all, v) => all + v * v, 0));
  if (length === 0) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'content',
      expected: 'parts that have a mean',
      got: 'opposites',
    });
  }
  return sum.map((v) => v / length);
}

function joined(rows: readonly Float32Array[], model: string): Embeddings {
  const dim = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * dim);
  rows.forEach((row, i) => data.set(row, i * dim));
  return { precision: 'float32', data, shape: [rows.length, dim], model };
}

function usageOf(parts: readonly Part[], read: Read): Answered['usage'] {
  const count = (modality: Modality) => parts.filter((part) => modality in part).length;
  return { texts: count('text'), images: count('image'), ...read };
}
