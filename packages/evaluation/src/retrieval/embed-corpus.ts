import { expectMembers } from '@diptych/core';
import { type MixedCorpus, parts } from './mixed-modality.ts';
import type { Rows } from '../rows.ts';

/** What both modalities are embedded by, such as an `EmbeddingSpace` of diptych. */
export interface Embedder<Image> {
  embed<M extends 'text' | 'image'>(
    modality: M,
    items: readonly { text: string; image: Image }[M][],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Rows>;
}

/** A corpus of texts and images before it is embedded. */
export interface MixedItems<Image> extends Pick<MixedCorpus, 'relevantTexts' | 'relevantImages'> {
  readonly queries: readonly string[];
  readonly texts: readonly string[];
  readonly images: readonly Image[];
  /** A text for each image. */
  readonly summaries: readonly string[];
}

/**
 * A corpus for `mixedModality`: one text tower embeds queries, texts and summaries, so that the arms differ only in what
 * stands for an image. Rejects with `signal.reason` when aborted.
 */
export async function embedCorpus<Image>(
  items: MixedItems<Image>,
  space: Embedder<Image>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<MixedCorpus> {
  expectMembers(items, 'embedCorpus: items', ...parts);
  expectMembers(space, 'embedCorpus: space', 'embed');
  const { queries, texts, images, summaries, relevantTexts, relevantImages } = items;
  return {
    queries: await space.embed('text', queries, options),
    texts: await space.embed('text', texts, options),
    images: await space.embed('image', images, options),
    summaries: await space.embed('text', summaries, options),
    relevantTexts,
    relevantImages,
  };
}
