import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  alignment,
  csls,
  hubness,
  invertedSoftmax,
  linearCka,
  matrixScores,
  type Scores,
  modalityGap,
  pca,
  qbNorm,
  spectrum,
  topK,
  uniformity,
  unitRows,
} from '../src/index.ts';
import { expectClose } from './close.ts';
import { all, matrix, products, randomRows } from './rows.ts';

type Numbers = readonly (readonly number[])[];

interface Oracle {
  readonly X_images: Numbers;
  readonly Y_captions: Numbers;
  readonly modality_gap: { delta_vector: number[]; centroid_distance: number; centroid_cosine: number };
  readonly alignment: number;
  readonly uniformity_x: number;
  readonly uniformity_y: number;
  readonly hubness: Readonly<Record<'k' | 'skewness_biased' | 'max' | 'antihubs_frac' | 'robin_hood', number>> & {
    readonly k_occurrence: number[];
  };
  readonly csls: { K: number; csls_first2rows: Numbers; top1: number[]; top1_raw: number[] };
  readonly inverted_softmax: { beta: number; first2rows: Numbers; top1: number[] };
  readonly qbnorm_dis: { beta: number; activation_set: number[]; uses_normalised: boolean[]; top1: number[] };
  readonly spectrum: Readonly<Record<'effective_rank_roy_vetterli' | 'participation_ratio', number>> &
    Readonly<Record<'singular_values_centred' | 'explained_variance_ratio', number[]>>;
  readonly pca2: { components: Numbers; coords_first3: Numbers };
  readonly linear_cka: number;
}

async function reference() {
  const golden = await goldenJson<Oracle>('oracles/diagnostics.json');
  const [images, captions] = [golden.X_images, golden.Y_captions];
  return { golden, x: matrix(images), y: matrix(captions), scores: products(captions, images) };
}

const best = async (scores: Scores) => (await topK(scores, 1)).map(([first]) => first);

describeGolden('diagnostics of the reference', () => {
  it('gap between modalities', async () => {
    const { golden, x, y } = await reference();
    const { delta, distance, cosine } = modalityGap(x, y);
    expectClose(delta, golden.modality_gap.delta_vector, 1e-12);
    expectClose(
      [distance, cosine],
      [golden.modality_gap.centroid_distance, golden.modality_gap.centroid_cosine],
      1e-12,
    );
  });

  it('alignment and uniformity', async () => {
    const { golden, x, y } = await reference();
    const got = [alignment(x, y), await uniformity(x), await uniformity(y)];
    expectClose(got, [golden.alignment, golden.uniformity_x, golden.uniformity_y], 1e-12);
  });

  it('alignment and uniformity of the losses', async () => {
    const { inputs, cases } = await goldenJson<{
      readonly inputs: { readonly img_raw: Numbers; readonly txt_raw: Numbers };
      readonly cases: { readonly alignment_uniformity: { readonly components: Readonly<Record<string, number>> } };
    }>('oracles/losses.json');
    const [images, texts] = [unitRows(matrix(inputs.img_raw)), unitRows(matrix(inputs.txt_raw))];
    const { align, unif_img: ofImages, unif_txt: ofTexts } = cases.alignment_uniformity.components;
    expectClose(
      [alignment(images, texts), await uniformity(images), await uniformity(texts)],
      [align!, ofImages!, ofTexts!],
      1e-12,
    );
  });

  it('hubness', async () => {
    const { golden, scores } = await reference();
    const { occurrence, skewness, max, antihubs, robinHood } = await hubness(scores, golden.hubness.k);
    expect([...occurrence]).toEqual(golden.hubness.k_occurrence);
    expect(max).toBe(golden.hubness.max);
    const { skewness_biased: skew, antihubs_frac: never, robin_hood: hoover } = golden.hubness;
    expectClose([skewness, antihubs, robinHood], [skew, never, hoover], 1e-12);
  });

  it('CSLS', async () => {
    const { golden, scores } = await reference();
    const scaled = await csls(scores, { neighbours: golden.csls.K });
    expectClose(scaled.block([0, 2], [0, 20]), golden.csls.csls_first2rows.flat(), 1e-12);
    expect(await best(scaled)).toEqual(golden.csls.top1);
    expect(await best(scores)).toEqual(golden.csls.top1_raw);
  });

  it('inverted softmax', async () => {
    const { golden, scores } = await reference();
    const inverted = await invertedSoftmax(scores, golden.inverted_softmax.beta);
    expectClose(inverted.block([0, 2], [0, 20]), golden.inverted_softmax.first2rows.flat(), 1e-12);
    expect(await best(inverted)).toEqual(golden.inverted_softmax.top1);
  });

  it('querybank normalisation', async () => {
    const { golden, scores } = await reference();
    const { vsepp_protocol: data } = await goldenJson<{ vsepp_protocol: { captions: Numbers } }>(
      'oracles/retrieval_metrics.json',
    );
    const bank = data.captions.filter((_, i) => i % 5 === 1);
    const normed = await qbNorm(scores, products(bank, golden.X_images), { beta: golden.qbnorm_dis.beta });
    expect([...normed.activationSet].toSorted((a, b) => a - b)).toEqual(golden.qbnorm_dis.activation_set);
    expect(normed.normalised).toEqual(golden.qbnorm_dis.uses_normalised);
    expect(await best(normed)).toEqual(golden.qbnorm_dis.top1);
  });

  it('spectrum and effective rank', async () => {
    const { golden, x } = await reference();
    const got = await spectrum(x);
    expectClose(got.singularValues, golden.spectrum.singular_values_centred);
    expectClose(got.explainedVariance, golden.spectrum.explained_variance_ratio);
    const { effective_rank_roy_vetterli: rank, participation_ratio: ratio } = golden.spectrum;
    expectClose([got.effectiveRank, got.participationRatio], [rank, ratio]);
  });

  it('principal components, with their sign', async () => {
    const { golden, x } = await reference();
    const { components, coordinates } = await pca(x);
    expectClose(components.data, golden.pca2.components.flat());
    expectClose(Array.from(coordinates.data).slice(0, 6), golden.pca2.coords_first3.flat());
  });

  it('centred kernel alignment', async () => {
    const { golden, x, y } = await reference();
    expectClose([await linearCka(x, y)], [golden.linear_cka], 1e-12);
  });
});

describe('diagnostics', () => {
  it('find the same axes whether rows or columns are fewer', async () => {
    const few = randomRows(6, 9, 5);
    const { components, coordinates } = await pca(few, { components: 5 });
    const { singularValues } = await spectrum(few);
    expectClose(all(products(nested(components), nested(components))), identity(5));
    expectClose(singularValues.slice(0, 5), (await spectrum(coordinates)).singularValues);
    expect(singularValues[5]).toBe(0);
  });

  it('scale scores by blocks as they do whole', async () => {
    const scores = products(nested(randomRows(9, 4, 6)), nested(randomRows(7, 4, 7)));
    const bank = products(nested(randomRows(3, 4, 8)), nested(randomRows(7, 4, 7)));
    for (const scaled of [
      await csls(scores, { neighbours: 2 }),
      await invertedSoftmax(scores, 5),
      await qbNorm(scores, bank),
    ]) {
      const whole = all(scaled);
      const block = [2, 3, 4].flatMap((i) => [1, 2].map((j) => whole[i * 7 + j]!));
      expect([...scaled.block([2, 5], [1, 3])]).toEqual(block);
    }
  });

  it('inverted softmax does not overflow', async () => {
    const inverted = await invertedSoftmax(matrixScores({ data: [1, 0.9, 0.5, -Infinity], shape: [2, 2] }), 1e4);
    expect([...all(inverted)]).toEqual([1, 1, 0, 0]);
  });

  it('a representation is aligned with itself, turned and scaled', async () => {
    const rows = randomRows(20, 3, 9);
    const turned = Float32Array.from(rows.data, (_, i) => -2 * rows.data[3 * Math.floor(i / 3) + ((i + 1) % 3)]!);
    expect(await linearCka(rows, { ...rows, data: turned, model: 'other' })).toBeCloseTo(1, 12);
  });

  const rows = randomRows(4, 3, 10);
  const same = { data: [1, 2, 1, 2], shape: [2, 2] as const };
  const scores = matrixScores({ data: [1, 2], shape: [1, 2] });
  it.each([
    ['a gap between models', () => modalityGap(rows, { ...rows, model: 'other' }), 'INPUT_INVALID'],
    ['pairs of unequal number', () => alignment(rows, randomRows(3, 3, 1)), 'SHAPE_MISMATCH'],
    ['uniformity of one row', async () => uniformity(randomRows(1, 3, 1)), 'INPUT_INVALID'],
    ['the spectrum of equal rows', async () => spectrum(same), 'INPUT_INVALID'],
    ['more components than there are', async () => pca(randomRows(3, 3, 1), { components: 3 }), 'INPUT_INVALID'],
    ['unequal items', async () => linearCka(rows, same), 'SHAPE_MISMATCH'],
    ['equal rows', async () => linearCka(same, same), 'INPUT_INVALID'],
    [
      'a bank of other documents',
      async () => qbNorm(scores, matrixScores({ data: [1], shape: [1, 1] })),
      'SHAPE_MISMATCH',
    ],
    ['k = 0', async () => hubness(scores, 0), 'INPUT_INVALID'],
    ['no neighbours', async () => csls(scores, { neighbours: 0 }), 'INPUT_INVALID'],
  ])('refuse %s', async (_, run, code) => {
    await expect(async () => run()).rejects.toMatchObject({ code });
  });

  it('unit rows have length 1, but for zero rows', () => {
    const { data } = unitRows({ data: [3, 4, 0, 0], shape: [2, 2] });
    expectClose(data, [0.6, 0.8, 0, 0]);
  });
});

function nested({ data, shape: [n, dim] }: { data: ArrayLike<number>; shape: readonly [number, number] }): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from(data).slice(i * dim, (i + 1) * dim));
}

function identity(n: number): number[] {
  return Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}
