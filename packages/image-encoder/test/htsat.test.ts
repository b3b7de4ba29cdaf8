import type { AudioBatch } from '@diptych/core';
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
import { htsatPatches, spectrumImage } from '../src/htsat.ts';
import { hfHtsatNames, htsat, type HtsatConfig, htsatSpec, htsatTokens } from '../src/index.ts';
import { swinStages } from '../src/swin.ts';

const tiny: HtsatConfig = {
  imageSize: 64,
  patchSize: 4,
  bins: 16,
  window: 4,
  width: 32,
  depths: [2, 1],
  heads: [2, 4],
  mlpRatio: 2,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
  dim: 16,
  projectionActivation: 'relu',
};

const read = async () => {
  const file = await openGolden('oracles2/clap/model.safetensors', (name) => name.startsWith('audio_'));
  return loadModel(htsatSpec(tiny), file, hfHtsatNames);
};
const expectedOf = async () => readTensors('oracles2/clap/expected.safetensors');

function batchOf(expected: Awaited<ReturnType<typeof expectedOf>>): AudioBatch {
  const spectra = Float32Array.from(numbers(expected, 'in.input_features'));
  return { spectra, shape: [3, 201, 16] };
}

describeGolden('HTS-AT', () => {
  describeBackends('against transformers', () => {
    test('gives its rows, and the states on the way', async () => {
      const expected = await expectedOf();
      const batch = batchOf(expected);
      const one: AudioBatch = { spectra: batch.spectra.subarray(0, 201 * 16), shape: [1, 201, 16] };
      await expectNoLeak(async () => {
        using model = await read();
        const { params } = model;
        const rows = await valuesOf(() => htsat(tiny, params).forward(batch));
        expectClose(rows, numbers(expected, 'audio_embeds_raw'), 1e-5);
        const [first] = params.stages;
        const [begin, shifted] = first!.blocks;
        const stages = (...own: (typeof params)['stages']) =>
          swinStages({ ...tiny, side: 16 }, own, htsatPatches(tiny, params, one));
        const states: readonly (readonly [string, () => tf.Tensor, number?])[] = [
          // Of values up to 59.
          ['audio.image', () => spectrumImage(tiny, params.batchNorm, one), 1e-4],
          ['audio.after_patch_embed', () => htsatPatches(tiny, params, one)],
          ['audio.after_block1', () => stages({ blocks: [begin!] })],
          ['audio.after_block2_shifted', () => stages({ blocks: [begin!, shifted!] })],
          ['audio.after_stage1', () => stages(first!)],
          ['audio.norm', () => htsatTokens(tiny, params, batch)],
          ['audio.pooled', () => tf.mean(htsatTokens(tiny, params, batch), 1)],
        ];
        for (const [name, state, tolerance = 1e-5] of states)
          expectClose(await valuesOf(state), numbers(expected, name), tolerance);
      });
    });

    test('is told from windows that stay, and from GELU between its last layers', async () => {
      const expected = await expectedOf();
      using model = await read();
      const { params } = model;
      const stages = params.stages.map((stage) => ({ ...stage, blocks: stage.blocks.slice(0, 1) }));
      for (const [config, own] of [
        [tiny, { ...params, stages }],
        [{ ...tiny, projectionActivation: 'gelu' }, params],
        [{ ...tiny, activation: 'gelu_pytorch_tanh' }, params],
      ] as const) {
        const rows = await valuesOf(() => htsat(config, own).forward(batchOf(expected)));
        expect(() => expectClose(rows, numbers(expected, 'audio_embeds_raw'), 1e-4)).toThrow(/expected/);
      }
    });
  });
});

const small: HtsatConfig = { ...tiny, imageSize: 16, patchSize: 2, bins: 8, window: 2, width: 4, depths: [2, 1] };

describeBackends('HTS-AT', () => {
  const batch: AudioBatch = {
    spectra: Float32Array.from({ length: 2 * 20 * 8 }, (_, i) => 3 * Math.sin(i * i)),
    shape: [2, 20, 8],
  };

  test.each<[string, Partial<AudioBatch>]>([
    ['more frames than the image has', { shape: [1, 40, 8] }],
    ['other bins', { shape: [2, 40, 4] }],
    ['one frame', { shape: [40, 1, 8] }],
    ['values missing', { spectra: batch.spectra.subarray(1) }],
  ])('refuses %s', (_, wrong) => {
    using model = initializeModel(htsatSpec(small), 1);
    const encoder = htsat(small, model.params);
    expect(() => tf.tidy(() => encoder.forward({ ...batch, ...wrong }))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = initializeModel(htsatSpec(small), 1);
      const encoder = htsat(small, model.params);
      const learned = encoder.variables.filter(({ trainable }) => trainable);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(batch))), learned);
    });
  });
});

test.each<[string, Partial<HtsatConfig>]>([
  ['bins that do not divide the image', { bins: 7 }],
  ['patches that do not divide it', { patchSize: 3 }],
  ['windows that do not cover a stage', { window: 3 }],
  ['more stages than windows cover', { depths: [1, 1, 1, 1, 1], heads: [1, 1, 1, 1, 1] }],
  ['heads that do not divide a width', { heads: [3, 4] }],
  ['an unknown activation', { projectionActivation: 'selu' }],
])('HTS-AT refuses %s', (_, wrong) => {
  expect(() => htsatSpec({ ...small, ...wrong })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
