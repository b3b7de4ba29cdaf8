import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel } from '@diptych/nn';
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
import {
  nomicVision,
  type NomicVisionConfig,
  nomicVisionNames,
  nomicVisionSpec,
  nomicVisionTokens,
} from '../src/index.ts';

const tiny: NomicVisionConfig = {
  imageSize: 32,
  patchSize: 8,
  width: 32,
  layers: 2,
  heads: 2,
  mlpWidth: 256,
  layerNormEpsilon: 1e-6,
  reference: 5,
};

const read = async () =>
  loadModel(nomicVisionSpec(tiny), await openGolden('oracles2/nomic_vision/model.safetensors'), nomicVisionNames);
const expectedOf = async () => readTensors('oracles2/nomic_vision/expected.safetensors');

describeGolden('Nomic Embed Vision', () => {
  describeBackends('against its own code', () => {
    test('gives its rows, and the states on the way', async () => {
      const expected = await expectedOf();
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await read();
        const rows = await valuesOf(() => nomicVision(tiny, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'embeds_raw'), 1e-5);
        const states = await valuesOf(() => nomicVisionTokens(tiny, model.params, batch));
        expectClose(states, numbers(expected, 'hidden_states'), 1e-5);
        for (const [depth, name] of ['after_embeddings', 'after_block1'].entries()) {
          const params = { ...model.params, blocks: model.params.blocks.slice(0, depth) };
          const on = await valuesOf(() => nomicVisionTokens(tiny, params, batch));
          expectClose(on, numbers(expected, name), 1e-5);
        }
      });
    });

    test.each<[string, Partial<NomicVisionConfig>]>([
      ['the epsilon of BERT', { layerNormEpsilon: 1e-5 }],
      ['a grid that is not scaled', { reference: 4 }],
    ])('is told from %s', async (_, mistake) => {
      const expected = await expectedOf();
      const batch = imageBatch(expected.get('in.pixel_values')!);
      using model = await read();
      const rows = await valuesOf(() => nomicVision({ ...tiny, ...mistake }, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'embeds_raw'), 1e-4)).toThrow(/expected/);
    });

    test('is told from gates and values the other way round', async () => {
      const expected = await expectedOf();
      const batch = imageBatch(expected.get('in.pixel_values')!);
      const names = { ...nomicVisionNames.names, 'blocks.*.mlp.fc1': ['layers.*.mlp.fc11', 'layers.*.mlp.fc12'] };
      const file = await openGolden('oracles2/nomic_vision/model.safetensors');
      using model = await loadModel(nomicVisionSpec(tiny), file, { names });
      const rows = await valuesOf(() => nomicVision(tiny, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'embeds_raw'), 1e-4)).toThrow(/expected/);
    });
  });
});

describeBackends('Nomic Embed Vision', () => {
  const images = (height: number, width: number) =>
    imageBatch({
      shape: [1, 3, height, width],
      data: Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(i)),
    });

  test('refuses images of another size', () => {
    using model = initializeModel(nomicVisionSpec(tiny), 1);
    const encoder = nomicVision(tiny, model.params);
    expect(() => tf.tidy(() => encoder.forward(images(32, 40)))).toThrow(/expected 32 x 32 pixels, got 32 x 40/);
  });

  test('refuses heads that do not divide its width', () => {
    using model = initializeModel(nomicVisionSpec(tiny), 1);
    const encoder = nomicVision({ ...tiny, heads: 2 ** 16 }, model.params);
    expect(() => tf.tidy(() => encoder.forward(images(32, 32)))).toThrow(
      /rotary positions: expected heads whose size 4/,
    );
  });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      const small = { ...tiny, width: 8, layers: 1, mlpWidth: 6, patchSize: 16 };
      using model = initializeModel(nomicVisionSpec(small), 1);
      const encoder = nomicVision(small, model.params);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(images(32, 32)))), encoder.variables);
    });
  });
});
