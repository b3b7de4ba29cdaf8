import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  classification,
  classRows,
  classScores,
  cosineScores,
  linearProbe,
  logisticRegression,
  matrixScores,
  topK,
} from '../src/index.ts';
import { expectClose } from './close.ts';
import { all, matrix, randomRows } from './rows.ts';

type Numbers = readonly (readonly number[])[];

interface Oracle {
  readonly linear_probe: {
    readonly X: Numbers;
    readonly y: readonly number[];
    readonly fits: readonly {
      readonly C: number;
      readonly coef: Numbers;
      readonly intercept: readonly number[];
      readonly accuracy: number;
      readonly mean_log_loss: number;
    }[];
  };
  readonly zero_shot: {
    readonly template_embeds_class_template_dim: readonly Numbers[];
    readonly image_embeds: Numbers;
    readonly class_weights: Numbers;
    readonly logits_scale100: Numbers;
    readonly pred: readonly number[];
  };
}

describeGolden('zero-shot classification', () => {
  it('has the class rows, logits and predictions of the reference', async () => {
    const { zero_shot: golden } = await goldenJson<Oracle>('oracles/optim.json');
    const rows = classRows(matrix(golden.template_embeds_class_template_dim.flat()), 4);
    expectClose(rows.data, golden.class_weights.flat(), 1e-12);
    const scores = cosineScores(matrix(golden.image_embeds), rows);
    expectClose(
      all(scores).map((cosine) => 100 * cosine),
      golden.logits_scale100.flat(),
      1e-12,
    );
    expect((await topK(scores, 1)).map(([best]) => best)).toEqual(golden.pred);
    expect(await classification(scores, golden.pred)).toEqual({ acc1: 1, mean_per_class_recall: 1 });
  });
});

describeGolden('logistic regression', () => {
  it.each([0, 1, 2])('has the coefficients of scikit-learn, fit %i', async (index) => {
    const { linear_probe: golden } = await goldenJson<Oracle>('oracles/optim.json');
    const fit = golden.fits[index]!;
    const features = matrix(golden.X);
    const model = await logisticRegression(features, golden.y, { c: fit.C, tolerance: 1e-9 });
    expect(model.converged).toBe(true);
    expectClose(model.weights.data, fit.coef.flat(), 1e-6);
    expectClose(model.intercepts, fit.intercept, 1e-6);
    expectClose([model.loss], [fit.mean_log_loss], 1e-6);
    expect((await classification(classScores(model, features), golden.y))['acc1']).toBeCloseTo(fit.accuracy, 12);
  });
});

describe('classification', () => {
  it('counts classes alike, however many items they have', async () => {
    const scores = matrixScores({ data: [1, 0, 1, 0, 1, 0, 1, 0], shape: [4, 2] });
    expect(await classification(scores, [0, 0, 0, 1])).toEqual({ acc1: 0.75, mean_per_class_recall: 0.5 });
  });

  it('takes the lower class among equals, and counts the five best', async () => {
    const scores = matrixScores({ data: [0, 0, 0, 0, 0, 0], shape: [1, 6] });
    expect(await classification(scores, [0])).toMatchObject({ acc1: 1, acc5: 1 });
    expect(await classification(scores, [4])).toMatchObject({ acc1: 0, acc5: 1 });
    expect(await classification(scores, [5])).toMatchObject({ acc1: 0, acc5: 0 });
  });

  const scores = matrixScores({ data: [1, 2], shape: [1, 2] });
  it.each([
    ['a label that is no class', async () => classification(scores, [2]), 'INPUT_INVALID'],
    ['too few labels', async () => classification(scores, []), 'SHAPE_MISMATCH'],
    ['prompts that do not divide', () => classRows(randomRows(5, 2, 1), 2), 'SHAPE_MISMATCH'],
    ['one class', async () => logisticRegression(randomRows(2, 2, 1), [0, 0]), 'INPUT_INVALID'],
    ['a negative label', async () => logisticRegression(randomRows(2, 2, 1), [-1, 1]), 'INPUT_INVALID'],
    ['labels of other rows', async () => logisticRegression(randomRows(2, 2, 1), [0, 1, 1]), 'SHAPE_MISMATCH'],
    ['c = 0', async () => logisticRegression(randomRows(2, 2, 1), [0, 1], { c: 0 }), 'INPUT_INVALID'],
  ])('refuses %s', async (_, run, code) => {
    await expect(async () => run()).rejects.toMatchObject({ code });
  });
});

describe('linear probe', () => {
  const part = (n: number, seed: number) => {
    const features = randomRows(n, 5, seed);
    const labels = Array.from({ length: n }, (_, i) => (features.data[5 * i]! + features.data[5 * i + 1]! > 0 ? 1 : 0));
    return { features, labels };
  };
  const data = { train: part(60, 1), validation: part(40, 2), test: part(200, 3) };

  it('finds what is linear, and says which c it chose', async () => {
    const probe = await linearProbe(data, { cs: [100, 1e-6, 1] });
    expect(probe.metrics['acc1']).toBeGreaterThan(0.9);
    expect(probe.sweep.map(({ c }) => c)).toEqual([1e-6, 1, 100]);
    const best = Math.max(...probe.sweep.map(({ acc1 }) => acc1));
    expect(probe.c).toBe(probe.sweep.find(({ acc1 }) => acc1 === best)!.c);
  });

  it('says when the iterations did not suffice', async () => {
    const { converged, iterations } = (await linearProbe(data, { cs: [1e6], maxIterations: 2 })).classifier;
    expect({ converged, iterations }).toEqual({ converged: false, iterations: 2 });
  });

  it.each([
    ['features of two models', { test: { ...data.test, features: { ...data.test.features, model: 'other' } } }, {}],
    ['no value of c', {}, { cs: [] }],
  ])('refuses %s', async (_, change, options) => {
    await expect(linearProbe({ ...data, ...change }, options)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
