import { type Cca, type CcaView, weightedView } from '@diptych/alignment';
import type { Json, StoredTensor } from '@diptych/core';
import type { Aligned, CcaRecipe } from './align-pairs.ts';

/** Heads of images and captions: `(row - mean) · weights` of each view, as `row · weight + bias`. */
export function alignedArrays(
  { values, x, y }: Cca,
  { power }: Pick<CcaRecipe, 'power'>,
): readonly (readonly [name: string, array: StoredTensor])[] {
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
export function alignedConfig({ facts }: Aligned, kind: 'features' | 'tfidf'): Json {
  const [image, text] = facts.columns;
  return {
    model_type: 'aligned',
    dim: facts.components,
    image: { inputs: image },
    text: { kind, inputs: text },
  };
}
