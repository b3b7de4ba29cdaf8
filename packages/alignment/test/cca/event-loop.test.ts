import { seededRandom } from '@diptych/core';
import { turnsAfterAbort } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import {
  cca,
  crossValidatedRidge,
  gcca,
  kernelCca,
  mcca,
  moments,
  nystrom,
  pls,
  probabilisticCca,
  procrustes,
  project,
  projectKernel,
  rbfKernel,
  refinedProcrustes,
  sparseCca,
  sparseMoments,
  streamMoments,
  tensorCca,
} from '../../src/index.ts';
import type { AlgebraOptions } from '../../src/linear-algebra/plain.ts';
import { randomRows } from '../rows.ts';

const random = seededRandom(11);
const [x, y] = [randomRows(200, 150, random), randomRows(200, 150, random)];
const long = randomRows(5000, 100, random);
const kernels = [await rbfKernel(x, x, 0.1), await rbfKernel(y, y, 0.1)] as const;
const of = await moments(x, y);
const other = await moments(y, x);
const { x: view } = await cca(of, { components: 100 });
const { x: kernelView } = await kernelCca(...kernels, { kappa: 1 });

const methods: Readonly<Record<string, (options: AlgebraOptions) => Promise<unknown>>> = {
  cca: async (options) => cca(of, options),
  'cca with a ridge': async (options) => cca(of, { ...options, ridge: [0.1, 0.1] }),
  crossValidatedRidge: async (options) => crossValidatedRidge([of, other], { ...options, parts: [0.1] }),
  gcca: async (options) => gcca([x, y], { ...options, components: 5 }),
  kernelCca: async (options) => kernelCca(...kernels, { ...options, kappa: 1 }),
  mcca: async (options) => mcca([x, y], { ...options, components: 5 }),
  moments: async (options) => moments(long, long, options),
  nystrom: async (options) => nystrom(kernels[0], options),
  pls: async (options) => pls(of, options),
  probabilisticCca: async (options) => probabilisticCca(of, options),
  procrustes: async (options) => procrustes(x, y, options),
  project: async (options) => project({ ...view, mean: new Float64Array(150) }, randomRows(5000, 150, random), options),
  projectKernel: async (options) => projectKernel(kernelView, randomRows(2000, 200, random), options),
  rbfKernel: async (options) => rbfKernel(long, long, 0.1, options),
  refinedProcrustes: async (options) => refinedProcrustes(x, y, { ...options, pairs: [[0, 0]] }),
  sparseCca: async (options) => sparseCca(of, { ...options, penalties: [0.3, 0.3], components: 3 }),
  sparseMoments: async (options) => sparseMoments(long, long, options),
  streamMoments: async (options) =>
    streamMoments(
      [
        [x, y],
        [x, y],
        [x, y],
      ],
      options,
    ),
  tensorCca: async (options) => tensorCca([x, y, x], { ...options, components: 3, ridge: 1, tries: 2 }),
};

describe('lets others have their turn, and is aborted within a piece', () => {
  it.each(Object.entries(methods))('%s', async (_, method) => {
    expect(await turnsAfterAbort(async (signal) => method({ signal }))).toBeLessThan(3);
  });
});
