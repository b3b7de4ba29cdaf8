import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  captionRanks,
  captionRetrieval,
  cosineScores,
  dotScores,
  type Matrix,
  matrixScores,
  orderScores,
  topK,
} from '../src/index.ts';
import { expectMetrics } from './close.ts';
import { all, matrix, products, randomRows } from './rows.ts';

type Numbers = readonly (readonly number[])[];
type Direction = Readonly<Record<'R@1' | 'R@5' | 'R@10' | 'medr' | 'meanr' | 'mrr', number>>;

interface Oracle {
  readonly vsepp_protocol: {
    readonly images: Numbers;
    readonly captions: Numbers;
    readonly i2t: Direction;
    readonly t2i: Direction;
    readonly rsum: number;
    readonly i2t_ranks0: readonly number[];
    readonly t2i_ranks0: readonly number[];
    readonly i2t_top1: readonly number[];
    readonly t2i_top1: readonly number[];
  };
  readonly fold_protocol: { readonly mean: Directions; readonly folds: readonly Directions[] };
}

interface Directions {
  readonly i2t: Direction;
  readonly t2i: Direction;
}

/** The oracle's percentages in CLIP_benchmark's names and unit. */
function named(prefix: string, direction: Direction) {
  return {
    [`${prefix}_recall@1`]: direction['R@1'] / 100,
    [`${prefix}_recall@5`]: direction['R@5'] / 100,
    [`${prefix}_recall@10`]: direction['R@10'] / 100,
    [`${prefix}_median_rank`]: direction.medr,
    [`${prefix}_mean_rank`]: direction.meanr,
    [`${prefix}_mrr`]: direction.mrr,
  };
}

describeGolden('protocol of VSE++', () => {
  it('gives the ranks and metrics of the reference in both directions', async () => {
    const { vsepp_protocol: golden } = await goldenJson<Oracle>('oracles/retrieval_metrics.json');
    const scores = products(golden.images, golden.captions);
    const ranks = await captionRanks(
      scores,
      Int32Array.from({ length: 100 }, (_, j) => Math.floor(j / 5)),
    );
    expect([...ranks.textRetrieval]).toEqual(golden.i2t_ranks0);
    expect([...ranks.imageRetrieval]).toEqual(golden.t2i_ranks0);
    const metrics = await captionRetrieval(scores);
    expectMetrics(metrics, { ...named('text_retrieval', golden.i2t), ...named('image_retrieval', golden.t2i) });
    expect(metrics['rsum']).toBeCloseTo(golden.rsum, 9);
    expect((await topK(scores, 1)).map(([best]) => best)).toEqual(golden.i2t_top1);
    const transposed = dotScores(matrix(golden.captions), matrix(golden.images));
    expect((await topK(transposed, 1)).map(([best]) => best)).toEqual(golden.t2i_top1);
  });

  it('means four folds as the reference does, each as it has it', async () => {
    const { vsepp_protocol: data, fold_protocol: golden } = await goldenJson<Oracle>('oracles/retrieval_metrics.json');
    const metrics = await captionRetrieval(products(data.images, data.captions), { folds: 4 });
    expectMetrics(metrics, {
      ...named('text_retrieval', golden.mean.i2t),
      ...named('image_retrieval', golden.mean.t2i),
    });
    for (const [i, fold] of golden.folds.entries()) {
      const part = products(data.images.slice(5 * i, 5 * i + 5), data.captions.slice(25 * i, 25 * i + 25));
      expectMetrics(await captionRetrieval(part), {
        ...named('text_retrieval', fold.i2t),
        ...named('image_retrieval', fold.t2i),
      });
    }
  });

  interface Original {
    readonly r1: number;
    readonly r5: number;
    readonly r10: number;
    readonly medr: number;
    readonly meanr: number;
    readonly ranks: readonly number[];
  }

  it.each(['cosine', 'order'] as const)('gives the ranks of the original code, %s', async (measure) => {
    const golden = await goldenJson<Record<string, Original>>('golden/vsepp/vsepp.json');
    const { images, captions } = await originalRows();
    const scores =
      measure === 'cosine' ? dotScores(images, captions) : orderScores(absolute(images), absolute(captions));
    const ranks = await captionRanks(
      scores,
      Int32Array.from({ length: 500 }, (_, j) => Math.floor(j / 5)),
    );
    const [i2t, t2i] = [golden[`eval.${measure}.i2t`]!, golden[`eval.${measure}.t2i`]!];
    expect([...ranks.textRetrieval]).toEqual(i2t.ranks);
    expect([...ranks.imageRetrieval]).toEqual(t2i.ranks);
    const metrics = await captionRetrieval(scores);
    for (const [prefix, { r1, r5, r10, medr, meanr, ranks: places }] of [
      ['text_retrieval', i2t],
      ['image_retrieval', t2i],
    ] as const) {
      // The original has no mean reciprocal rank; its ranks, which count from 0, have.
      const mrr = places.reduce((sum, rank) => sum + 1 / (rank + 1), 0) / places.length;
      const direction = { 'R@1': r1, 'R@5': r5, 'R@10': r10, medr, meanr, mrr };
      expectMetrics(metrics, named(prefix, direction));
    }
  });
});

/** The original repeats each image five times. */
async function originalRows() {
  const bytes = await goldenBytes('golden/vsepp/vsepp.safetensors');
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const floats = (from: number) => new Float32Array(bytes.slice(start + from, start + from + 48_000).buffer);
  const repeated = floats(48_000);
  const images = Float32Array.from({ length: 100 * 24 }, (_, i) => repeated[Math.floor(i / 24) * 120 + (i % 24)]!);
  return {
    images: { data: images, shape: [100, 24] as const },
    captions: { data: floats(0), shape: [500, 24] as const },
  };
}

/** The original takes the absolute values of unit rows, for order embeddings alone. */
function absolute({ data, shape }: { data: Float32Array; shape: readonly [number, number] }): Matrix {
  return { data: data.map(Math.abs), shape };
}
describe('caption retrieval', () => {
  it('is the same from embeddings as from their matrix, with any number of captions per image', async () => {
    const [images, captions] = [randomRows(70, 16, 1), randomRows(131, 16, 2)];
    const imageOf = Int32Array.from({ length: 131 }, (_, j) => (j * 37) % 70);
    const scores = cosineScores(images, captions);
    const matrixOnly = matrixScores({ data: all(scores), shape: scores.shape });
    expect(await captionRetrieval(scores, { imageOf })).toEqual(await captionRetrieval(matrixOnly, { imageOf }));
  });

  it('ranks captions against images as images against captions', async () => {
    const [images, captions] = [randomRows(40, 8, 3), randomRows(40, 8, 4)];
    const own = Int32Array.from({ length: 40 }, (_, j) => j);
    const there = await captionRanks(cosineScores(images, captions), own);
    const back = await captionRanks(cosineScores(captions, images), own);
    expect(there).toEqual({ textRetrieval: back.imageRetrieval, imageRetrieval: back.textRetrieval });
  });

  it('counts other cut-offs on request', async () => {
    const metrics = await captionRetrieval(
      products(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [0, 1],
          [1, 0],
        ],
      ),
      { ks: [2] },
    );
    expect(metrics).toMatchObject({ 'image_retrieval_recall@1': 0, 'image_retrieval_recall@2': 1, rsum: 400 });
  });

  const two = products(
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  );
  it.each([
    ['an image without caption', async () => captionRetrieval(two, { imageOf: [0, 0] }), 'INPUT_INVALID'],
    ['a caption of no image', async () => captionRetrieval(two, { imageOf: [0, 2] }), 'INPUT_INVALID'],
    ['too few owners', async () => captionRetrieval(two, { imageOf: [0] }), 'SHAPE_MISMATCH'],
    ['k below 1', async () => captionRetrieval(two, { ks: [0] }), 'INPUT_INVALID'],
    ['folds that do not divide', async () => captionRetrieval(two, { folds: 3 }), 'INPUT_INVALID'],
    ['captions across folds', async () => captionRetrieval(two, { imageOf: [1, 0], folds: 2 }), 'INPUT_INVALID'],
    ['uneven captions', async () => captionRetrieval(products([[1], [2]], [[1], [2], [3]])), 'SHAPE_MISMATCH'],
    [
      'NaN',
      async () =>
        captionRetrieval(
          products(
            [[1], [2]],
            [[1], [2]].map(([x]) => [x! * 1e308 * 10]),
          ),
        ),
      'INPUT_INVALID',
    ],
  ])('refuses %s', async (_, run, code) => {
    await expect(run()).rejects.toThrow(expect.objectContaining({ code }));
  });
});
