import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel, parameters } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  describeBackends,
  expectClose,
  expectGradients,
  expectNoLeak,
  imageBatch,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { dinov2, type Dinov2Config, dinov2Spec, dinov2Tokens, hfDinov2Names } from '../src/index.ts';

const tiny: Dinov2Config = {
  imageSize: 56,
  patchSize: 7,
  width: 32,
  layers: 2,
  heads: 2,
  mlpWidth: 128,
  activation: 'gelu',
  layerNormEpsilon: 1e-6,
  positionResize: 'hf',
  registers: 0,
};
const gated: Dinov2Config = { ...tiny, activation: 'swiglu', mlpWidth: 88 };
const registered: Dinov2Config = { ...tiny, registers: 4, positionResize: 'open_clip' };

const read = async (config: Dinov2Config, folder: string) =>
  loadModel(dinov2Spec(config), await openGolden(`oracles2/${folder}/model.safetensors`), hfDinov2Names(config));

const [base, registers] = ['oracles2/dinov2/expected.safetensors', 'oracles2/dinov2_registers/expected.safetensors'];
const cases: readonly (readonly [folder: string, config: Dinov2Config, file: string, prefix: string])[] = [
  ['dinov2/base', tiny, base, 'base.'],
  ['dinov2/base', tiny, base, 'base.size_42x77.'],
  ['dinov2/base', tiny, base, 'base.size_56x56.'],
  ['dinov2/giant', gated, base, 'giant.'],
  ['dinov2_registers', registered, registers, ''],
  ['dinov2_registers', registered, registers, 'size_42x77.'],
  ['dinov2_registers', registered, registers, 'size_56x56.'],
];

describeGolden('dinov2', () => {
  describeBackends('the tiny DINOv2 of transformers', () => {
    test.each(cases)('%s gives its rows and token states', async (folder, config, file, prefix) => {
      const expected = await readTensors(file);
      const batch = imageBatch(expected.get(`${prefix}in.pixel_values`)!);
      await expectNoLeak(async () => {
        using model = await read(config, folder);
        const rows = await valuesOf(() => dinov2(config, model.params).forward(batch));
        expectClose(rows, numbers(expected, `${prefix}pooled`), 1e-5);
        const states = await valuesOf(() => dinov2Tokens(config, model.params, batch));
        expectClose(states, numbers(expected, `${prefix}last_hidden_state`), 1e-5);
      });
    });

    test.each<[string, string, Dinov2Config, string, string]>([
      ['positions with antialias', 'dinov2/base', { ...tiny, positionResize: 'open_clip' }, base, 'base.'],
      ['the tanh form of GELU', 'dinov2/base', { ...tiny, activation: 'gelu_pytorch_tanh' }, base, 'base.'],
      ['the epsilon of CLIP', 'dinov2/base', { ...tiny, layerNormEpsilon: 1e-5 }, base, 'base.'],
      ['positions without it', 'dinov2_registers', { ...registered, positionResize: 'hf' }, registers, ''],
    ])('is told from %s in %s', async (_, folder, config, file, prefix) => {
      const expected = await readTensors(file);
      const batch = imageBatch(expected.get(`${prefix}in.pixel_values`)!);
      using model = await read(config, folder);
      const rows = await valuesOf(() => dinov2(config, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, `${prefix}pooled`), 1e-4)).toThrow(/expected/);
    });
  });
});

describeBackends('dinov2', () => {
  const data = Float32Array.from({ length: 2 * 3 * 28 * 28 }, (_, i) => Math.sin(i));
  const batch = imageBatch({ shape: [2, 3, 28, 28], data });

  test.each([
    ['with registers', { ...registered, layers: 1 }],
    ['with gates', { ...gated, layers: 1 }],
  ])('%s has the gradient of every variable', async (_, config) => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = initializeModel(dinov2Spec(config), 1);
      tf.tidy(() => {
        for (const [path, own] of model.variables) if (path.endsWith('layerScale')) own.assign(tf.fill(own.shape, 0.5));
      });
      const encoder = dinov2(config, model.params);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(batch))), encoder.variables);
    });
  });

  test.each([
    ['small', { width: 384, heads: 6, layers: 12, mlpWidth: 1536 }, 22_056_576],
    ['base', { width: 768, heads: 12, layers: 12, mlpWidth: 3072 }, 86_580_480],
    ['large', { width: 1024, heads: 16, layers: 24, mlpWidth: 4096 }, 304_368_640],
    ['giant', { width: 1536, heads: 24, layers: 40, mlpWidth: 4096, activation: 'swiglu' }, 1_136_480_768],
  ])('of the size of %s has as many parameters as the published file, but for the token of masks', (_, size, all) => {
    const config = { ...tiny, imageSize: 518, patchSize: 14, ...size };
    const counts = [...parameters(dinov2Spec(config))].map(([, { shape }]) => shape.reduce((a, b) => a * b, 1));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(all - size.width);
  });
});
