import type { Checkpoint, ImageBatch, TextBatch } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { initializeModel, loadModel, type NameTable } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectGradients, expectNoLeak, imageBatch, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { concatLinearFusion, concatLinearSpec, seedHead, seedModel, seedModelSpec } from '../src/index.ts';

beforeAll(enableAutodiff);

interface Oracle {
  readonly ids: readonly (readonly number[])[];
  readonly mask: readonly (readonly number[])[];
  readonly output: readonly (readonly number[])[];
}

/** The closed form of the oracle: `fround(scale sin(0.37 i + phase))`. */
function wave(shape: readonly number[], phase: number, scale: number) {
  const size = shape.reduce((product, n) => product * n, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, i) => scale * Math.sin(0.37 * i + phase)) };
}

const arrays = new Map(
  Object.entries({
    'embedding.weight': wave([1000, 256], 1, 0.5),
    'conv.weight': wave([256, 3, 3, 3], 2, 0.2),
    'conv.bias': wave([256], 3, 0.1),
    'fc.weight': wave([256, 512], 4, 0.05),
    'fc.bias': wave([256], 5, 0.1),
  }),
);

const checkpoint: Checkpoint = {
  names: new Set(arrays.keys()),
  shape: (name) => arrays.get(name)!.shape,
  read: async (name) => arrays.get(name)!,
};

const names: NameTable = { names: { tokens: 'embedding.weight', conv: 'conv', head: 'fc' } };

function texts(ids: readonly number[], mask: readonly number[], n: number): TextBatch {
  return { ids: Int32Array.from(ids), mask: Int32Array.from(mask), shape: [n, ids.length / n] };
}

const image: ImageBatch = imageBatch(wave([2, 3, 32, 32], 6, 1));
const small: ImageBatch = imageBatch(wave([2, 3, 5, 4], 6, 1));
const text = texts([4, 8, 15, 42, 999, 0], [1, 1, 1, 1, 1, 0], 2);

describeGolden('seed_model.json', () => {
  describeBackends('the seed model', () => {
    test('gives the vectors of the corrected article', async () => {
      const { ids, mask, output } = await goldenJson<Oracle>('oracles/seed_model.json');
      await expectNoLeak(async () => {
        using model = await loadModel(seedModelSpec(), checkpoint, names);
        const batch = { text: texts(ids.flat(), mask.flat(), 2), image };
        expectClose(await valuesOf(() => seedModel(model.params).forward(batch)), output.flat(), 1e-5);
      });
    });
  });
});

describeBackends('the seed model', () => {
  test('refuses what the article printed, and says what to do', async () => {
    using model = initializeModel(seedModelSpec(), 1);
    const { head } = model.params;
    const words = () => tf.zeros([2, 5, 256]);
    const flatMap = () => tf.zeros([2, 256 * 8 * 8]);
    const pooled = () => tf.zeros([2, 256]);
    const join = (x: () => tf.Tensor, y: () => tf.Tensor) => () => tf.tidy(() => seedHead(head, x(), y()).shape);
    await expectNoLeak(() => {
      expect(join(words, flatMap)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      expect(join(words, flatMap)).toThrow(
        /got \[2,5,256\] and \[2,16384\]; .*maskedMean, globalAveragePool.*as printed/,
      );
      expect(join(words, pooled)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      expect(join(pooled, flatMap)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      expect(join(pooled, pooled)()).toEqual([2, 256]);
    });
  });

  test('any concatenation of parts refuses them too', async () => {
    const config = { parts: { text: 256, image: 256 }, dim: 256 };
    using model = initializeModel(concatLinearSpec(config), 1);
    const { forward } = concatLinearFusion(config, model.params);
    const unpooled = (): tf.Tensor => tf.zeros([2, 5, 256]);
    const words = () => tf.tidy(() => forward({ text: unpooled() as tf.Tensor2D, image: tf.zeros([2, 256]) }));
    const flat = () => tf.tidy(() => forward({ text: tf.zeros([2, 256]), image: tf.zeros([2, 16384]) }));
    await expectNoLeak(() => {
      expect(words).toThrow(/part 'text': expected \[2,256\], got \[2,5,256\]; pool it/);
      expect(flat).toThrow(/part 'image': expected \[2,256\], got \[2,16384\]/);
    });
  });

  test('padding changes nothing', async () => {
    using model = initializeModel(seedModelSpec(), 1);
    const { forward } = seedModel(model.params);
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => forward({ text, image: small }));
      const padded = texts([4, 8, 15, 7, 42, 999, 0, 7], [1, 1, 1, 0, 1, 1, 0, 0], 2);
      expectClose(await valuesOf(() => forward({ text: padded, image: small })), rows, 1e-6);
    });
  });

  test('every variable has its slope', async () => {
    using model = initializeModel(seedModelSpec(), 1);
    const { forward, variables } = seedModel(model.params);
    expect(variables).toHaveLength(5);
    await expectGradients(() => tf.sum(forward({ text, image: small })), variables);
  });

  test('refuses other batches', async () => {
    using model = initializeModel(seedModelSpec(), 1);
    const { forward } = seedModel(model.params);
    const fails = (batch: Partial<Parameters<typeof forward>[0]>, code: string) =>
      expect(() => tf.tidy(() => forward({ text, image: small, ...batch }))).toThrow(expect.objectContaining({ code }));
    await expectNoLeak(() => {
      fails({ text: texts([4, 1000], [1, 1], 2) }, 'INPUT_INVALID');
      fails({ text: { ...text, shape: [2, 4] } }, 'SHAPE_MISMATCH');
      fails({ text: texts([4, 5, 6], [1, 1, 1], 3) }, 'SHAPE_MISMATCH');
      fails({ image: { ...small, shape: [2, 5, 5, 3] } }, 'SHAPE_MISMATCH');
      fails({ image: { pixels: small.pixels, shape: [2, 5, 3, 4] } }, 'SHAPE_MISMATCH');
    });
  });
});
