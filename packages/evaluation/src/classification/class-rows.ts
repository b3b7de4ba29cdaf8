import { classRows as meansOf } from '@diptych/core';
import { finiteRows, type FiniteRows, type Rows } from '../rows.ts';

/**
 * One unit row per class from its prompts: each normalised, their mean, normalised again, as OpenAI's CLIP does.
 *
 * @param prompts `[classes * templates, dim]`, the prompts of a class together.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the prompts do not divide by `templates`.
 */
export function classRows(prompts: Rows, templates: number): FiniteRows {
  return meansOf(finiteRows(prompts, 'classRows'), templates);
}
