import { adversarial, contrastive, hardestHinges, hinges, type Method } from './methods.ts';
import { randomRecipe, type Recipe, recipe } from './recipe.ts';

/** A way to train the two towers. */
export interface Variant {
  readonly loss: Method;
  /** What the photos' layer and the words' vectors start from; the GRU always starts from random numbers. */
  readonly start: 'CCA' | 'random';
  readonly recipe: Recipe;
}

const fromCca = (loss: Method): Variant => ({ loss, start: 'CCA', recipe });

/** By the names in the report. */
export const variants: Readonly<Record<string, Variant>> = {
  VSE0: fromCca(hinges),
  'VSE++': fromCca(hardestHinges),
  'CLIP loss': fromCca(contrastive),
  'VSE++ adversarial': fromCca(adversarial(hardestHinges)),
  'CLIP loss, random start': { loss: contrastive, start: 'random', recipe: randomRecipe },
};
