import { expect, it } from 'vitest';
import { cosineSimilarity, type Embeddings, quantize } from '../src/index.ts';

const rows = (dim: number, values: number[], model = 'm'): Embeddings => ({
  precision: 'float32',
  data: Float32Array.from(values),
  shape: [values.length / dim, dim],
  model,
});

it('is one row of `a` by one column of `b`', () => {
  const matrix = cosineSimilarity(rows(2, [1, 0, 3, 4]), rows(2, [0, 2, 2, 0, -1, 0]));
  expect([...matrix]).toEqual([0, 1, -1, 0.8, 0.6, -0.6].map(Math.fround));
});

it('ignores length, gives a zero row 0', () => {
  expect([...cosineSimilarity(rows(2, [5, 5]), rows(2, [0.1, 0.1, 0, 0]))]).toEqual([1, 0]);
});

it('compares across precisions', () => {
  const a = rows(4, [0.9, -0.1, 0.3, 0.2]);
  expect(cosineSimilarity(a, quantize(a, 'int8'))[0]).toBeGreaterThan(0.9999);
});

it('refuses another dimension and another model', () => {
  const a = rows(2, [1, 0]);
  expect(() => cosineSimilarity(a, rows(3, [1, 0, 0]))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  expect(() => cosineSimilarity(a, rows(2, [1, 0], 'n'))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});
