import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  expectGradients,
  describeBackends,
  expectClose,
  expectNoLeak,
  imageBatch,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  fastVit,
  type FastVitConfig,
  fastVitSpec,
  mobileClipVit,
  type MobileClipVitConfig,
  mobileClipVitSpec,
  openClipFastVitNames,
  openClipMobileClipVitNames,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const tinyFastVit: FastVitConfig = { depths: [1, 2, 1, 1], widths: [4, 8, 16, 32], mlpRatio: 3, dim: 16 };
const tinyVit: MobileClipVitConfig = {
  imageSize: 64,
  stemWidth: 8,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 128,
  dim: 16,
  activation: 'gelu',
  layerNormEpsilon: 1e-6,
  positionResize: 'open_clip',
};
const isVisual = (name: string) => name.startsWith('visual.');
const goldens = {
  fastvit: new URL('golden/fastvit.safetensors', import.meta.url),
  vit: new URL('golden/vit_mci.safetensors', import.meta.url),
};

describeBackends('fastVit', () => {
  test('gives the rows of timm from all branches', async () => {
    const expected = await readTensors(goldens.fastvit);
    const checkpoint = await openGolden(goldens.fastvit, isVisual);
    const batch = imageBatch(expected.get('in.pixel_values')!);
    await expectNoLeak(async () => {
      using model = await loadModel(fastVitSpec(tinyFastVit), checkpoint, openClipFastVitNames);
      const rows = await valuesOf(() => fastVit(tinyFastVit, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'image_embeds_raw'), 1e-5);
    });
  });

  test('keeping its folded filters gives the same bits, and follows a weight that changes', async () => {
    const pixels = { shape: [1, 3, 32, 32], data: Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i)) };
    const batch = imageBatch(pixels);
    await expectNoLeak(async () => {
      using model = initializeModel(fastVitSpec(tinyFastVit), 1);
      const encoder = fastVit(tinyFastVit, model.params);
      using keeping = encoder.keeping!();
      const [plain, kept] = [
        await valuesOf(() => encoder.forward(batch)),
        await valuesOf(() => keeping.forward(batch)),
      ];
      expect(kept).toEqual(plain);
      const tensors = tf.memory().numTensors;
      expect(await valuesOf(() => keeping.forward(batch))).toEqual(plain);
      expect(tf.memory().numTensors).toBe(tensors);
      const variance = model.params.stages[1]!.blocks[0]!.mixerNorm.runningVariance as tf.Variable;
      tf.tidy(() => variance.assign(tf.mul(variance, 2)));
      const changed = await valuesOf(() => encoder.forward(batch));
      expect(changed).not.toEqual(plain);
      expect(await valuesOf(() => keeping.forward(batch))).toEqual(changed);
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  test('has the gradient of every branch', async () => {
    const batch = imageBatch({
      shape: [1, 3, 32, 32],
      data: Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i)),
    });
    await expectNoLeak(async () => {
      using model = initializeModel(fastVitSpec(tinyFastVit), 1);
      const { forward, variables } = fastVit(tinyFastVit, model.params);
      const trainable = variables.filter((variable) => variable.trainable);
      await expectGradients(() => tf.sum(tf.square(forward(batch))), trainable);
    });
  });
});

const tinyFive: FastVitConfig = { depths: [1, 1, 1, 1, 1], widths: [8, 8, 16, 32, 32], mlpRatio: 4, dim: 16 };

describeGolden('fastVit of MobileCLIP2', () => {
  describeBackends('against open_clip', () => {
    test.each<[string, FastVitConfig]>([
      ['s0', { depths: [1, 1, 1, 1], widths: [16, 16, 32, 64], mlpRatio: 3, dim: 16 }],
      ['s3', tinyFive],
    ])('%s gives its rows, and what is pooled for them', async (kind, config) => {
      const expected = await readTensors('oracles2/mobileclip2/expected.safetensors');
      const checkpoint = await openGolden(`oracles2/mobileclip2/${kind}/open_clip_model.safetensors`, isVisual);
      const batch = imageBatch(expected.get(`${kind}.in.pixel_values`)!);
      await expectNoLeak(async () => {
        using model = await loadModel(fastVitSpec(config), checkpoint, openClipFastVitNames);
        const rows = await valuesOf(() => fastVit(config, model.params).forward(batch));
        expectUnit(rows, numbers(expected, `${kind}.image_embeds_raw`), config.dim);
        const pooled = await valuesOf(() => {
          const width = model.params.head.weight.shape[0];
          const head = { weight: tf.eye(width), bias: tf.zeros<tf.Rank.R1>([width]) };
          return fastVit({ ...config, dim: width }, { ...model.params, head }).forward(batch);
        });
        expectUnit(pooled, numbers(expected, `${kind}.pooled`), pooled.length / batch.shape[0]);
      });
    });

    test('s3 is told from one whose last blocks normalise by channel', async () => {
      const expected = await readTensors('oracles2/mobileclip2/expected.safetensors');
      const checkpoint = await openGolden('oracles2/mobileclip2/s3/open_clip_model.safetensors', isVisual);
      const batch = imageBatch(expected.get('s3.in.pixel_values')!);
      using model = await loadModel(fastVitSpec(tinyFive), checkpoint, openClipFastVitNames);
      const { fourth } = model.params;
      const rows = await valuesOf(() => {
        const [first, ...others] = fourth.blocks;
        const norm = {
          ...first!.norm,
          runningMean: tf.zeros<tf.Rank.R1>([32]),
          runningVariance: tf.ones<tf.Rank.R1>([32]),
        };
        const wrong = { ...fourth, blocks: [{ ...first!, norm }, ...others] };
        return fastVit(tinyFive, { ...model.params, fourth: wrong }).forward(batch);
      });
      expect(() => expectUnit(rows, numbers(expected, 's3.image_embeds_raw'), 16)).toThrow(/expected/);
    });
  });
});

/** Rows within 1e-5 of each other when both are of length 1. */
function expectUnit(rows: Float32Array, expected: ArrayLike<number>, dim: number): void {
  expectClose(unit(Float32Array.from(rows), dim), unit(Float32Array.from(expected), dim), 1e-5);
}

function unit(rows: Float32Array, dim: number): Float32Array {
  return rows.map((value, i) => value / Math.hypot(...rows.subarray(i - (i % dim), i - (i % dim) + dim)));
}

describeBackends('mobileClipVit', () => {
  test('gives the rows of timm', async () => {
    const expected = await readTensors(goldens.vit);
    const checkpoint = await openGolden(goldens.vit, isVisual);
    const batch = imageBatch(expected.get('in.pixel_values')!);
    await expectNoLeak(async () => {
      using model = await loadModel(mobileClipVitSpec(tinyVit), checkpoint, openClipMobileClipVitNames);
      const rows = await valuesOf(() => mobileClipVit(tinyVit, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'image_embeds_raw'), 1e-5);
    });
  });
});
