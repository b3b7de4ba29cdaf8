import { given } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import {
  cca,
  crossValidatedRidge,
  mergeMoments,
  moments,
  nystrom,
  pls,
  probabilisticCca,
  procrustes,
  project,
  rbfKernel,
  refinedProcrustes,
  relativeRidge,
  type Rows,
  sparseCca,
  tensorCca,
} from '../../src/index.ts';
import { randomRows, rows, slice } from '../rows.ts';
import { seededRandom } from '@diptych/core';
// Made by tools/references/cca_variants.py, of scikit-learn and numpy.
import reference from './more-variants.json' with { type: 'json' };

const [x, y, w] = [rows(reference.x), rows(reference.y), rows(reference.w)];
const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });
const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });

/** Every fourth pair, from `first`. */
function fold(first: number) {
  const every = (values: number[][]) => rows(values.filter((_, i) => i % 4 === first));
  return moments(every(reference.x), every(reference.y));
}

function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (value, i) => value - b[i]!));
}

describe('partial least squares', () => {
  it("has scikit-learn's directions and covariances", async () => {
    const fit = await pls(await moments(x, y), { components: 3 });
    expectClose(fit.values, reference.pls.values, 1e-12);
    expectClose(fit.x.weights.data, reference.pls.u.flat(), 1e-11);
    expectClose(fit.y.weights.data, reference.pls.v.flat(), 1e-11);
  });

  it('is what CCA becomes as the ridge grows', async () => {
    const of = await moments(x, y);
    const [far, limit] = [await cca(of, { ridge: [1e9, 1e9], components: 2 }), await pls(of, { components: 2 })];
    expectClose(
      far.x.weights.data.map((value) => value * Math.sqrt(1e9)),
      limit.x.weights.data,
      1e-7,
    );
    expectClose(
      far.values.map((value) => value * 1e9),
      limit.values,
      1e-7,
    );
  });

  it('needs two pairs', async () => {
    await expect(pls(await moments(slice(x, 0, 1), slice(y, 0, 1)))).rejects.toThrow(invalid);
  });
});

describe('sparse CCA', () => {
  const { penalties, values, u, v } = reference.sparse;
  const options = { penalties: penalties as [number, number], components: 2 };

  it('equals the reference, zeros included', async () => {
    const fit = await sparseCca(await moments(x, y), options);
    expectClose(fit.values, values, 1e-10);
    expectClose(fit.x.weights.data, u.flat(), 1e-9);
    expectClose(fit.y.weights.data, v.flat(), 1e-9);
    expect([...fit.x.weights.data].filter((value) => value === 0)).toHaveLength(2);
  });

  it('without a penalty is partial least squares', async () => {
    const of = await moments(x, y);
    const [free, limit] = [await sparseCca(of, { penalties: [1, 1], components: 3 }), await pls(of, { components: 3 })];
    expectClose(free.values, limit.values, 1e-10);
    expectClose(free.x.weights.data, limit.x.weights.data, 1e-7);
  });

  it('with the hardest penalty takes one column of each view, those of the largest covariance', async () => {
    const of = await moments(x, y);
    const fit = await sparseCca(of, { penalties: [1 / Math.sqrt(5), 0.5] });
    const largest = of.xy.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / (of.n - 1);
    expectClose(fit.values, [largest], 1e-12);
    expect([...fit.x.weights.data, ...fit.y.weights.data].filter((value) => value !== 0)).toHaveLength(2);
  });

  it.each([[[0.1, 0.5]], [[0.5, 1.1]], [[Number.NaN, 1]], [[1]]])('refuses penalties %j', async (wrong) => {
    await expect(sparseCca(await moments(x, y), { penalties: given(wrong) })).rejects.toThrow(invalid);
  });
});

describe("Nyström's features", () => {
  const { gamma, landmarks, products, values, ridge } = reference.nystrom;
  async function features(of: Rows) {
    const marks = slice(of as typeof x, 0, landmarks);
    const map = await nystrom(await rbfKernel(marks, marks, gamma));
    return await project(map, await rbfKernel(of, marks, gamma));
  }

  it("have the products of scikit-learn's, and exact ones among the landmarks", async () => {
    for (const [i, view] of [x, y].entries()) {
      const { data, shape } = await features(view);
      const product = (a: number, b: number) => {
        let sum = 0;
        for (let k = 0; k < shape[1]; k++) sum += data[a * shape[1] + k]! * data[b * shape[1] + k]!;
        return sum;
      };
      const first = [0, 1, 2].flatMap((a) => Array.from({ length: shape[0] }, (_, b) => product(a, b)));
      expectClose(first, products[i]!.flat(), 1e-10);
      const marks = slice(view, 0, landmarks);
      const exact = await rbfKernel(marks, marks, gamma);
      expectClose([product(0, 5), product(4, 4)], [exact.data[5]!, exact.data[4 * landmarks + 4]!], 1e-10);
    }
  });

  it('make linear CCA of any number of rows a kernel CCA', async () => {
    const fit = await cca(await moments(await features(x), await features(y)), {
      ridge: [ridge, ridge],
      components: 3,
    });
    expectClose(fit.values, values, 1e-9);
  });

  it('are of square kernels that are not zero', async () => {
    await expect(nystrom(rows([[1, 2]]))).rejects.toThrow(mismatch);
    await expect(nystrom(rows([[0]]))).rejects.toThrow(invalid);
  });
});

describe('probabilistic CCA', () => {
  it('is the joint Gaussian of the reference, conditioned on one view and on both', async () => {
    const expected = reference.probabilistic;
    const fit = await probabilisticCca(await moments(x, y), { components: expected.components });
    const sides = [
      [fit.x, slice(x, 0, 4), expected.given_x],
      [fit.y, slice(y, 0, 4), expected.given_y],
    ] as const;
    const sum = new Float64Array(8);
    for (const [i, [side, few, conditioned]] of sides.entries()) {
      expectClose(side.loadings.data, expected.loadings[i]!.flat(), 1e-10);
      expectClose(side.noise.data, expected.noise[i]!.flat(), 1e-10);
      expectClose((await project(side, few)).data, conditioned.flat(), 1e-10);
      (await project(side.both, few)).data.forEach((value, at) => (sum[at]! += value));
    }
    expectClose(sum, expected.given_both.flat(), 1e-10);
    expectClose(fit.variance.one, expected.variance_one, 1e-12);
    expectClose(fit.variance.both, expected.variance_both, 1e-12);
  });
});

describe('a ridge by cross-validation', () => {
  it('has the scores of the reference, the same part for both or each its own', async () => {
    const { parts, together, separately, best, ridge } = reference.ridge;
    const folds = await Promise.all([0, 1, 2, 3].map(fold));
    const options = { parts, components: 2 };
    const one = await crossValidatedRidge(folds, options);
    expectClose(
      one.scores.map(({ score }) => score),
      together,
      1e-10,
    );
    expect(one.parts).toEqual([1, 1]);
    const each = await crossValidatedRidge(folds, { ...options, separately: true });
    expectClose(
      each.scores.map(({ score }) => score),
      separately,
      1e-10,
    );
    expect(each.parts).toEqual(best);
    expectClose(each.ridge, ridge, 1e-10);
    const all = folds.reduce((a, b) => mergeMoments(a, b));
    expect(each.ridge).toEqual([relativeRidge(all, 1)[0], relativeRidge(all, 10)[1]]);
  });

  it('finds one where there are fewer rows than columns', async () => {
    const random = seededRandom(3);
    const pair = () => moments(randomRows(6, 30, random), randomRows(6, 20, random));
    const found = await crossValidatedRidge([await pair(), await pair(), await pair()]);
    expect(found.ridge.every((value) => value > 0)).toBe(true);
    expect(Number.isFinite(found.score)).toBe(true);
  });

  it('needs two folds of two pairs, and parts', async () => {
    const folds = [await fold(0), await fold(1)];
    await expect(crossValidatedRidge(folds.slice(1))).rejects.toThrow(invalid);
    const single = await moments(slice(x, 0, 1), slice(y, 0, 1));
    await expect(crossValidatedRidge([folds[0]!, single])).rejects.toThrow(invalid);
    await expect(crossValidatedRidge(folds, { parts: [] })).rejects.toThrow(invalid);
    await expect(crossValidatedRidge(folds, { parts: [-1] })).rejects.toThrow(invalid);
  });
});

describe('tensor CCA', () => {
  it("finds the best product of three views' directions", async () => {
    const { value, weights } = reference.tensor;
    const fit = await tensorCca([x, y, w], { components: 1 });
    expectClose(fit.values, value, 1e-9);
    fit.views.forEach((view, i) => expectClose(view.weights.data, weights[i]!, 1e-6));
    const scores = await Promise.all([x, y, w].map((view, i) => project(fit.views[i]!, view)));
    const product = scores[0]!.data.reduce((sum, a, i) => sum + a * scores[1]!.data[i]! * scores[2]!.data[i]!, 0);
    expect(product / 39).toBeCloseTo(value[0]!, 9);
  });

  it('finds two products together', async () => {
    const fit = await tensorCca([x, y, w], { components: 2 });
    expectClose(fit.values, reference.tensor_two.values, 1e-6);
  });

  it('of two views is linear CCA', async () => {
    const fit = await tensorCca([x, y], { components: 1 });
    expectClose(fit.values, (await cca(await moments(x, y), { components: 1 })).values, 1e-9);
  });

  it('refuses one view, more components than columns, and other rows', async () => {
    await expect(tensorCca([x], { components: 1 })).rejects.toThrow(invalid);
    await expect(tensorCca([x, w], { components: 4 })).rejects.toThrow(invalid);
    await expect(tensorCca([x, slice(y, 0, 9)], { components: 1 })).rejects.toThrow(mismatch);
  });
});

describe('Procrustes of few pairs', () => {
  const random = seededRandom(5);
  const there = randomRows(300, 6, random);

  it('finds the rotation and who belongs to whom', async () => {
    const turn = await procrustes(randomRows(9, 6, random), randomRows(9, 6, random));
    const zero = new Float64Array(6);
    const turned = await project({ mean: zero, weights: turn }, there);
    const noisy = { ...turned, data: turned.data.map((value) => value + 0.02 * (random() - 0.5)) };
    const order = Array.from({ length: 300 }, (_, i) => (i * 7) % 300);
    const mixed = rows(order.map((row) => [...slice(noisy, row, row + 1).data]));
    const pairs = [0, 1, 2, 3, 4, 5, 6].map((i) => [order[i]!, i] as const);
    const found = await refinedProcrustes(there, mixed, { pairs });
    const right = found.pairs.filter(([a, b]) => order[b] === a).length;
    expect(right).toBeGreaterThan(295);
    expect(right).toBe(found.pairs.length);
    expect(differences(found.rotation.data, turn.data)).toBeLessThan(0.01);
    const first = await procrustes(rows(pairs.map(([a]) => [...slice(there, a, a + 1).data])), slice(mixed, 0, 7));
    expect(differences(found.rotation.data, turn.data)).toBeLessThan(differences(first.data, turn.data) / 2);
  });

  it('refuses no pairs, rows that there are not, and spaces of other columns', async () => {
    await expect(refinedProcrustes(there, there, { pairs: [] })).rejects.toThrow(invalid);
    await expect(refinedProcrustes(there, there, { pairs: [[0, 300]] })).rejects.toThrow(invalid);
    await expect(refinedProcrustes(there, there, { pairs: [[0, 0]], neighbours: 0 })).rejects.toThrow(invalid);
    await expect(refinedProcrustes(there, x, { pairs: [[0, 0]] })).rejects.toThrow(mismatch);
  });
});
