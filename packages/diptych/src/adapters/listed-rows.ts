import { EmbeddingError, expectList, expectMembers, isObject, quote } from '@diptych/core';
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

/**
 * Rows as lists of numbers, which other libraries want, in the order of the items.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for an item that is neither; what `embed` throws.
 */
export async function listedRows(
  space: Embeds,
  items: readonly TextOrImage[],
  options: EmbedOptions = {},
): Promise<number[][]> {
  expectList(items, 'items');
  const rows: number[][] = Array.from({ length: items.length });
  const texts: [at: number, text: string][] = [];
  const images: [at: number, image: ImageInput][] = [];
  items.forEach((item, at) => {
    if (typeof item === 'string') texts.push([at, item]);
    else if (isObject(item) && 'text' in item) texts.push([at, item.text]);
    else if (isObject(item) && 'image' in item) images.push([at, item.image]);
    else {
      const expected = 'a text, { text } or { image }';
      throw new EmbeddingError('INPUT_INVALID', { where: `items[${at}]`, expected, got: quote(item) });
    }
  });
  const place = (
    at: readonly number[],
    { data, shape }: { data: Float32Array; shape: readonly [number, number] },
  ): void => at.forEach((to, i) => (rows[to] = Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]))));
  if (texts.length > 0) {
    place(texts.map(([at]) => at), await space.embed('text', texts.map(([, text]) => text), options)); // prettier-ignore
  }
  if (images.length > 0) {
    place(images.map(([at]) => at), await space.embed('image', images.map(([, image]) => image), options)); // prettier-ignore
  }
  return rows;
}
