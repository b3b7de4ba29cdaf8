import type { ScoreKernel } from '@diptych/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreKernelOf } from '../../src/algebra/score-kernel.ts';
import { kernelVariant } from '../../src/kernels/binary.ts';

const variants = kernelVariant() === 'simd' ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const);

describe.each(variants)('products of rows, %s', (variant) => {
  let kernel: ScoreKernel;
  beforeAll(async () => void (kernel = (await scoreKernelOf(variant))!));

  it.each([
    [1, 1, 1],
    [5, 21, 7],
    [40, 50, 800],
    [3, 8, 1600],
    [2, 4101, 9],
  ])('of %i queries and %i documents are near those in double precision, in any range', (n, m, dim) => {
    const [queries, documents] = [random(n * dim), random(m * dim)];
    const products = kernel(documents, dim);
    for (const [first, end] of [
      [0, m],
      [m >> 1, m],
      [m - 1, m],
      [0, 0],
      [m >> 2, m >> 1],
    ] as const) {
      const got = products(queries, first, end);
      expect(got).toHaveLength(n * (end - first));
      got.forEach((value, at) => {
        const [i, j] = [Math.floor(at / (end - first)), first + (at % (end - first))];
        let sum = 0;
        for (let k = 0; k < dim; k++) sum += queries[i * dim + k]! * documents[j * dim + k]!;
        expect(Math.abs(value - sum)).toBeLessThan(1e-6 * dim);
      });
    }
  });

  it('are the same bits wherever a pair stands', () => {
    const [queries, documents] = [random(37 * 900), random(30 * 900)];
    documents.copyWithin(29 * 900, 0, 900);
    queries.copyWithin(36 * 900, 0, 900);
    const products = kernel(documents, 900);
    const all = products(queries, 0, 30).slice();
    expect(all[29]).toBe(all[0]);
    expect(all[36 * 30]).toBe(all[0]);
    for (const [i, j] of [
      [5, 29],
      [36, 13],
      [20, 0],
    ] as const) {
      expect(products(queries.subarray(900 * i, 900 * (i + 1)), j, j + 1)[0]).toBe(all[30 * i + j]);
    }
  });
});

let seed = 1;
function random(size: number): Float32Array {
  return Float32Array.from({ length: size }, () => (seed = (seed * 16_807) % 2_147_483_647) / 2 ** 30 - 1);
}
