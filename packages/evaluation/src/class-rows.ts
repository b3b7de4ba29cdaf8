import { EmbeddingError } from '@diptych/core';
import type { FiniteRows, Rows } from './rows.ts';
import { unitRows } from './unit-rows.ts';

/**
 * One unit row per class from its prompts: each normalised, their mean, normalised again, as OpenAI's CLIP does.
 *
 * @param prompts `[classes * templates, dim]`, the prompts of a class together.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the prompts do not divide by `templates`.
 */
export function classRows(prompts: Rows, templates: number): FiniteRows {
  const { data, shape } = unitRows(prompts);
  const [n, dim] = shape;
  const classes = n / templates;
  if (!(Number.isInteger(classes) && Number.isInteger(templates))) {
    throw new EmbeddingError('SHAPE_MISMATCH', `classRows: expected ${n} prompts to divide by ${templates} templates`);
  }
  const sums = new Float64Array(classes * dim);
  for (let i = 0; i < data.length; i++) sums[Math.floor(i / (templates * dim)) * dim + (i % dim)]! += data[i]!;
  return unitRows({ data: sums, shape: [classes, dim] });
}
