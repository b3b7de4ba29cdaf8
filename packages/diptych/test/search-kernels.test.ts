import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings, SearchKernels } from '@diptych/core';
import { exactSearch, int8Search, prefixSearch, type Searcher, signSearch } from '@diptych/retrieval';
import { beforeAll, describe, expect, it } from 'vitest';

let kernels: SearchKernels;
beforeAll(async () => void (kernels = (await searchKernels())!));

/** Rows of few different values, so that many score the same. */
function rows(n: number, dim: number, { seed = 1, levels = 1e6 } = {}): Embeddings {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const data = Float32Array.from({ length: n * dim }, () => Math.round((next() - 0.5) * levels) / levels);
  return { precision: 'float32', model: 'm', data, shape: [n, dim] };
}

const searchers: Readonly<Record<string, (base: Embeddings, simd: SearchKernels | undefined) => Searcher>> = {
  'float32, cosine': (base, simd) => exactSearch(base, { kernel: simd?.float32 }),
  'float32, dot': (base, simd) => exactSearch(base, { metric: 'dot', kernel: simd?.float32 }),
  int8: (base, simd) => int8Search(base, { kernel: simd?.int8, exact: simd?.float32, rerank: 12 }),
  signs: (base, simd) => signSearch(base, { kernel: simd?.ubinary, exact: simd?.float32, rerank: 40 }),
  prefix: (base, simd) => prefixSearch(base, 5, { kernel: simd?.float32, exact: simd?.float32, rerank: 40 }),
};

describe.each(Object.entries(searchers))('%s with SIMD', (_, searcher) => {
  it.each([6, 64, 131])('finds the same rows in the same order with the same scores, dimension %i', (dim) => {
    for (const levels of [1, 1e6]) {
      const [base, queries] = [rows(2500, dim, { levels }), rows(5, dim, { levels, seed: 2 })];
      const [plain, simd] = [searcher(base, undefined), searcher(base, kernels)];
      expect(simd(queries, 10)).toEqual(plain(queries, 10));
      const one = rows(1, dim, { seed: 3 });
      const allow = (row: number) => row % 7 === 2;
      expect(simd(one, 25, { allow })).toEqual(plain(one, 25, { allow }));
    }
  });

  it('refuses NaN in rows and queries', () => {
    const [base, bad] = [rows(3, 8), rows(1, 8)];
    bad.data[5] = NaN;
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
    expect(() => searcher(bad, kernels)).toThrow(refused);
    expect(() => searcher(base, kernels)(bad, 1)).toThrow(refused);
  });
});
