import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  describeBackends,
  expectClose,
  expectGradients,
  expectNoLeak,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  hfSiglipVisionNames,
  naflexVit,
  type NaflexVitConfig,
  naflexVitSpec,
  naflexVitTokens,
  type PatchBatch,
} from '../src/index.ts';

const tiny: NaflexVitConfig = {
  patchSize: 8,
  side: 4,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 80,
  activation: 'gelu_pytorch_tanh',
  layerNormEpsilon: 1e-6,
};

const read = async () => {
  const isVisual = (name: string) => name.startsWith('vision_model.');
  const file = await openGolden('oracles2/siglip2/naflex/model.safetensors', isVisual);
  return loadModel(naflexVitSpec(tiny), file, hfSiglipVisionNames);
};
const expectedOf = async () => readTensors('oracles2/siglip2/expected.safetensors');

function batchOf(expected: Awaited<ReturnType<typeof readTensors>>, most: number): PatchBatch {
  const pixels = expected.get(`naflex${most}.pixel_values`)!;
  const grids = expected.get(`naflex${most}.spatial_shapes`)!;
  const [n, longest, values] = pixels.shape;
  return {
    patches: Float32Array.from(numbers(expected, `naflex${most}.pixel_values`)),
    grids: Int32Array.from(grids.data as Iterable<number | bigint>, Number),
    shape: [n!, longest!, values!],
  };
}

describeGolden('SigLIP 2 of any resolution', () => {
  describeBackends('against transformers', () => {
    test.each([24, 64])('with at most %i patches gives its rows, and the states on the way', async (most) => {
      const expected = await expectedOf();
      const batch = batchOf(expected, most);
      await expectNoLeak(async () => {
        using model = await read();
        const rows = await valuesOf(() => naflexVit(tiny, model.params).forward(batch));
        expectClose(rows, numbers(expected, `naflex${most}.pooled`), 1e-5);
        const states = await valuesOf(() => naflexVitTokens(tiny, model.params, batch));
        expectClose(states, numbers(expected, `naflex${most}.last_hidden_state`), 1e-5);
      });
    });

    test('reads nothing of padding', async () => {
      const expected = await expectedOf();
      const batch = batchOf(expected, 64);
      const [n, longest, values] = batch.shape;
      for (let i = 0; i < n; i++) {
        const own = batch.grids[2 * i]! * batch.grids[2 * i + 1]!;
        batch.patches.fill(Number.NaN, (i * longest + own) * values, (i + 1) * longest * values);
      }
      using model = await read();
      const rows = await valuesOf(() => naflexVit(tiny, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'naflex64.pooled'), 1e-5);
    });

    test.each<[string, Partial<NaflexVitConfig>]>([
      ['the epsilon of CLIP', { layerNormEpsilon: 1e-5 }],
      ['GELU without tanh', { activation: 'gelu' }],
    ])('is told from %s', async (_, mistake) => {
      const expected = await expectedOf();
      using model = await read();
      const rows = await valuesOf(() =>
        naflexVit({ ...tiny, ...mistake }, model.params).forward(batchOf(expected, 24)),
      );
      expect(() => expectClose(rows, numbers(expected, 'naflex24.pooled'), 1e-4)).toThrow(/expected/);
    });

    test('is told from columns before rows', async () => {
      const expected = await expectedOf();
      const batch = batchOf(expected, 24);
      const grids = batch.grids.map((_, i) => batch.grids[i ^ 1]!);
      using model = await read();
      const rows = await valuesOf(() => naflexVit(tiny, model.params).forward({ ...batch, grids }));
      expect(() => expectClose(rows, numbers(expected, 'naflex24.pooled'), 1e-4)).toThrow(/expected/);
    });
  });
});

describeBackends('SigLIP 2 of any resolution', () => {
  const patches = Float32Array.from({ length: 2 * 6 * 12 }, (_, i) => Math.sin(i));
  const batch: PatchBatch = { patches, grids: Int32Array.of(2, 3, 2, 2), shape: [2, 6, 12] };
  const small = { ...tiny, patchSize: 2, side: 2, width: 8, layers: 1, heads: 2, mlpWidth: 8 };

  test.each<[string, Partial<PatchBatch>]>([
    ['grids larger than there are patches', { grids: Int32Array.of(2, 4, 2, 2) }],
    ['grids of nothing', { grids: Int32Array.of(0, 3, 2, 2) }],
    ['a grid missing', { grids: Int32Array.of(2, 3) }],
    ['patches of another size', { shape: [2, 6, 27] }],
  ])('refuses %s', (_, wrong) => {
    using model = initializeModel(naflexVitSpec(small), 1);
    const encoder = naflexVit(small, model.params);
    expect(() => tf.tidy(() => encoder.forward({ ...batch, ...wrong }))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = initializeModel(naflexVitSpec(small), 1);
      const encoder = naflexVit(small, model.params);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(batch))), encoder.variables);
    });
  });
});
