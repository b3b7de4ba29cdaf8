import { expect, it } from 'vitest';
import { type Embeddings, orderSimilarity } from '../src/index.ts';

function rows(values: readonly number[], model = 'm'): Embeddings {
  return { data: Float32Array.from(values), shape: [values.length / 2, 2], precision: 'float32', model };
}

it('is 0 where the text is above the image, and minus the length of what is missing else', () => {
  const images = rows([1, 0, 3, 4]);
  const texts = rows([0, 1, 2, 0, 0, 0]);
  const got = orderSimilarity(images, texts);
  [-1, 0, 0, -0.2, -0.4, 0].forEach((expected, i) => expect(got[i]).toBeCloseTo(expected, 6));
  expect(got).toHaveLength(6);
});

it('refuses rows of another dimension or model', () => {
  const other: Embeddings = { data: new Float32Array(3), shape: [1, 3], precision: 'float32', model: 'm' };
  expect(() => orderSimilarity(rows([1, 0]), other)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  expect(() => orderSimilarity(rows([1, 0]), rows([1, 0], 'n'))).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  );
});
