import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel, type NameTable, parameters, prefixNames } from '@diptych/nn';
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
import { featureVit, type FeatureVitConfig, featureVitSpec, featureVitTokens, hfVitNames } from '../src/index.ts';

const tiny: FeatureVitConfig = {
  imageSize: 32,
  patchSize: 8,
  width: 32,
  layers: 2,
  heads: 2,
  mlpWidth: 64,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  positionResize: 'hf',
  pooler: true,
};

async function open(config: FeatureVitConfig, kind: 'in21k' | 'classifier') {
  const owns = (name: string) => !name.startsWith('classifier.');
  const names: NameTable = kind === 'classifier' ? prefixNames('vit.', hfVitNames) : hfVitNames;
  return loadModel(featureVitSpec(config), await openGolden(`oracles2/vit/${kind}/model.safetensors`, owns), names);
}

describeGolden('featureVit', () => {
  describeBackends('the tiny ViT of transformers', () => {
    test.each([
      ['pooled', 'in21k', true],
      ['cls', 'classifier', false],
    ] as const)('gives its %s and token states', async (name, kind, pooler) => {
      const expected = await readTensors('oracles2/vit/expected.safetensors');
      const config = { ...tiny, pooler };
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await open(config, kind);
        expectClose(
          await valuesOf(() => featureVit(config, model.params).forward(batch)),
          numbers(expected, name),
          1e-5,
        );
        const states = await valuesOf(() => featureVitTokens(config, model.params, batch));
        expectClose(states, numbers(expected, 'last_hidden_state'), 1e-5);
      });
    });

    test('resizes position embeddings for images of another size', async () => {
      const expected = await readTensors('oracles2/vit/expected.safetensors');
      const batch = imageBatch(expected.get('size_40x48.in.pixel_values')!);
      using model = await open(tiny, 'in21k');
      const rows = await valuesOf(() => featureVit(tiny, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'size_40x48.pooled'), 1e-5);
    });

    test.each<[string, Partial<FeatureVitConfig>]>([
      ['the epsilon of other transformers', { layerNormEpsilon: 1e-5 }],
      ['the tanh form of GELU', { activation: 'gelu_pytorch_tanh' }],
    ])('is told from %s', async (_, mistake) => {
      const expected = await readTensors('oracles2/vit/expected.safetensors');
      const batch = imageBatch(expected.get('in.pixel_values')!);
      using model = await open(tiny, 'in21k');
      const rows = await valuesOf(() => featureVit({ ...tiny, ...mistake }, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'pooled'), 1e-4)).toThrow(/expected/);
    });
  });
});

describeBackends('featureVit', () => {
  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    const data = Float32Array.from({ length: 6144 }, (_, i) => Math.sin(i));
    await expectNoLeak(async () => {
      using model = initializeModel(featureVitSpec(tiny), 1);
      const encoder = featureVit(tiny, model.params);
      await expectGradients(
        () => tf.sum(tf.square(encoder.forward(imageBatch({ shape: [2, 3, 32, 32], data })))),
        encoder.variables,
      );
    });
  });

  test('of the size of ViT-B/16 has as many parameters as the published file', () => {
    const base = { ...tiny, imageSize: 224, patchSize: 16, width: 768, layers: 12, heads: 12, mlpWidth: 3072 };
    const count = (config: FeatureVitConfig) =>
      [...parameters(featureVitSpec(config))].reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // Of google/vit-base-patch16-224-in21k; without the pooler, of google/vit-base-patch16-224 less its 1000 classes.
    expect([count(base), count({ ...base, pooler: false })]).toEqual([86_389_248, 86_567_656 - 769_000]);
  });
});
