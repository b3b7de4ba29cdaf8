import { type LinearAlgebra, seededRandom } from '@diptych/core';
import { expectClose, fastAlgebra } from '@diptych/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cca,
  gcca,
  kernelCca,
  type Matrix,
  mcca,
  moments,
  procrustes,
  project,
  projectKernel,
  rbfKernel,
  totalCorrelation,
} from '../../src/index.ts';
import type { AlgebraOptions } from '../../src/linear-algebra/plain.ts';
import { randomRows } from '../rows.ts';

const random = seededRandom(11);
const x = randomRows(150, 20, random);
const y = randomRows(150, 33, random);
for (let i = 0; i < 150; i++) for (let j = 0; j < 20; j++) y.data[i * 33 + j]! += x.data[i * 20 + j]! / (1 + j);
const other: Matrix = { data: y.data.slice(0, 150 * 20), shape: [150, 20] };

/** All numbers of a method, with one algebra or another. */
const methods: Record<string, (options: AlgebraOptions) => Float64Array[] | Promise<Float64Array[]>> = {
  'cca without a ridge': async (options) => fit(options, [0, 0]),
  'cca with a ridge': async (options) => fit(options, [0.1, 0.01]),
  'cca of more columns than rows': async (options) => {
    const few = await moments(randomRows(15, 20, seededRandom(1)), randomRows(15, 33, seededRandom(2)), options);
    return [(await cca(few, { ...options, ridge: [0.5, 0.5] })).values];
  },
  kernelCca: async (options) => {
    const [kernelX, kernelY] = [await rbfKernel(x, x, 0.5), await rbfKernel(y, y, 0.5)];
    const { values, x: view, y: second } = await kernelCca(kernelX, kernelY, { ...options, kappa: 0.1, components: 5 });
    return [values, (await projectKernel(view, kernelX, options)).data, second.weights.data];
  },
  gcca: async (options) => {
    const { values, shared, views } = await gcca([x, y, other], { ...options, components: 4, ridge: 0.3 });
    return [values, shared.data, ...views.map(({ weights }) => weights.data)];
  },
  mcca: async (options) => {
    const { views } = await mcca([x, y], { ...options, components: 4 });
    return views.map(({ weights }) => weights.data);
  },
  procrustes: async (options) => [(await procrustes(x, other, options)).data],
  totalCorrelation: (options) => {
    const { values, gradientA, gradientB } = totalCorrelation(x, y, options);
    return [values, gradientA.data, gradientB.data];
  },
};

async function fit(options: AlgebraOptions, ridge: readonly [number, number]): Promise<Float64Array[]> {
  const of = await moments(x, y, options);
  const found = await cca(of, { ...options, ridge });
  return [of.xx.data, of.xy.data, found.values, (await project(found.x, x, options)).data, found.y.weights.data];
}

describe('linear algebra in WebAssembly gives the numbers of plain JavaScript', () => {
  let algebra: LinearAlgebra;
  beforeAll(async () => void (algebra = await fastAlgebra()));

  it.each(Object.entries(methods))('%s', async (_, method) => {
    const expected = await method({});
    const got = await method({ algebra });
    expect(got).toHaveLength(expected.length);
    for (const [i, values] of got.entries()) expectClose(values, expected[i]!, 1e-10);
  });
});
