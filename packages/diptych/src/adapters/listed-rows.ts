import { EmbeddingError, type Embeddings, expectList, expectMembers, isObject, quote } from '@diptych/core';
import type { ImageInput } from '@diptych/preprocessing/image';
import type { EmbedOptions } from '../embed-options.ts';
import type { Embedder } from '../worker/create-embedder.ts';

/** What the adapters need of an `EmbeddingSpace`, or of what `createEmbedder` gives. */
export type Embeds = Pick<Embedder, 'id' | 'dim' | 'embed'>;

/** A text, or an image as `embed` takes it. */
export type TextOrImage = string | { readonly text: string } | { readonly image: ImageInput };

/** @throws {EmbeddingError} `INPUT_INVALID` for what embeds nothing. */
export function expectSpace<T extends Embeds>(space: T, where: string): T {
  return expectMembers(space, `${where}: space`, 'id', 'dim', 'embed');
}

/** For those whose items are strings: a data URI of an image is that image. */
export function textOrDataUri(item: string): TextOrImage {
  return /^data:image\//i.test(item) ? { image: item } : item;
}

/**
 * Rows as lists of numbers, which other libraries want, in the order of the items.
 *
 * @param options As `embed` takes them; the prompt goes before texts alone.
 * @throws {EmbeddingError} `INPUT_INVALID` for an item that is neither; what `embed` throws.
 */
export async function listedRows(
  space: Embeds,
  items: readonly TextOrImage[],
  options: EmbedOptions = {},
): Promise<number[][]> {
  expectList(items, 'items');
  const texts = new Map<number, string>();
  const images = new Map<number, ImageInput>();
  items.forEach((item, at) => {
    if (typeof item === 'string') texts.set(at, item);
    else if (isObject(item) && 'text' in item) texts.set(at, item.text);
    else if (isObject(item) && 'image' in item) images.set(at, item.image);
    else {
      const expected = 'a text, { text } or { image }';
      throw new EmbeddingError('INPUT_INVALID', { where: `items[${at}]`, expected, got: quote(item) });
    }
  });
  const rows: number[][] = Array.from({ length: items.length });
  const place = (places: Iterable<number>, { data, shape: [, dim] }: Embeddings): void => {
    let row = 0;
    for (const at of places) rows[at] = Array.from(data.subarray(row * dim, ++row * dim));
  };
  const { prompt, ...others } = options;
  if (texts.size > 0) place(texts.keys(), await space.embed('text', texts.values(), { ...others, prompt }));
  if (images.size > 0) place(images.keys(), await space.embed('image', images.values(), others));
  return rows;
}
