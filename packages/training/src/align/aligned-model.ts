import { type Cca, type CcaView, weightedView } from '@diptych/alignment';
import { expectMembers, type Json, type StoredTensor } from '@diptych/core';
import type { Aligned, CcaRecipe } from './align-pairs.ts';

/** Heads of images and captions: `(row - mean) · weights` of each view, as `row · weight + bias`. */
export function alignedArrays(
  cca: Cca,
  recipe: Pick<CcaRecipe, 'power'>,
): readonly (readonly [name: string, array: StoredTensor])[] {
  const { values, x, y } = expectMembers(cca, 'alignedArrays: cca', 'values', 'x', 'y');
  const { power } = expectMembers(recipe, 'alignedArrays: recipe', 'power');
  return Object.entries({ image: x, text: y }).flatMap(([name, view]) => {
    const { mean, weights } = weightedView(view, values, power);
    return [
      [`${name}.weight`, { shape: weights.shape, data: Float32Array.from(weights.data) }],
      [`${name}.bias`, { shape: [values.length], data: biasOf({ mean, weights }) }],
    ] as const;
  });
}

function biasOf({ mean, weights: { data, shape } }: CcaView): Float32Array {
  const [, columns] = shape;
  return Float32Array.from({ length: columns }, (_, column) => {
    return -mean.reduce((sum, value, row) => sum + value * data[row * columns + column]!, 0);
  });
}

/** What the `config.json` of an aligned model says. */
export function alignedConfig(aligned: Aligned, kind: 'features' | 'tfidf'): Json {
  const { facts } = expectMembers(aligned, 'alignedConfig', 'facts');
  const [image, text] = facts.columns;
  return {
    model_type: 'aligned',
    dim: facts.components,
    image: { inputs: image },
    text: { kind, inputs: text },
  };
}
