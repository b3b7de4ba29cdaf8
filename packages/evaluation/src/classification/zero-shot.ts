import { classPrompts, expectMembers } from '@diptych/core';
import { classification } from './classification.ts';
import { classRows } from './class-rows.ts';
import type { Embedder } from '../retrieval/embed-corpus.ts';
import { cosineScores } from '../embedding-scores.ts';
import type { Metrics } from '../metrics.ts';

/** Images to be classified by the names of their classes. */
export interface ZeroShotItems<Image> {
  readonly images: readonly Image[];
  /** Index of each image's class. */
  readonly labels: ArrayLike<number>;
  /** Names, as they stand in a sentence. */
  readonly classes: readonly string[];
}

export interface ZeroShotOptions {
  /** Prompts with `{}` for the class, whose embeddings are averaged. Default `['a photo of a {}']`. */
  readonly templates?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Zero-shot accuracy, Radford et al. 2021, arXiv:2103.00020: an image belongs to the class whose prompts are nearest to it.
 * Rejects with `signal.reason` when aborted.
 *
 * @returns As `classification`.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label per image; `INPUT_INVALID` for a label that is no
 *   class, or a template without `{}`.
 */
export async function zeroShot<Image>(
  items: ZeroShotItems<Image>,
  space: Embedder<Image>,
  options: ZeroShotOptions = {},
): Promise<Metrics> {
  expectMembers(items, 'zeroShot: items', 'images', 'labels', 'classes');
  expectMembers(space, 'zeroShot: space', 'embed');
  expectMembers(options, 'zeroShot: options');
  const { images, labels, classes } = items;
  const { templates = ['a photo of a {}'], signal } = options;
  const prompts = await space.embed('text', classPrompts(classes, templates), { signal });
  const rows = await space.embed('image', images, { signal });
  return classification(cosineScores(rows, classRows(prompts, templates.length)), labels, { signal });
}
