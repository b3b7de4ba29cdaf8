import { describeGolden } from '@diptych/golden';
import { initializeModel, linearSpec, loadModel, parameters, type Spec } from '@diptych/nn';
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
  convNext,
  type ConvNextConfig,
  convNextMap,
  convNextSpec,
  eva02,
  type Eva02Config,
  eva02Spec,
  eva02Tokens,
  jinaClipVisionNames,
  openClipConvNextNames,
  openClipEva02Names,
  openClipPeCoreNames,
  openClipTimmVitNames,
  peCore,
  type PeCoreConfig,
  peCoreSpec,
  peCoreTokens,
  vit,
  type VitConfig,
  vitSpec,
} from '../src/index.ts';

const grid = { imageSize: 32, patchSize: 8, positionResize: 'open_clip' } as const;
const size = { ...grid, width: 32, layers: 2, heads: 2, dim: 16 } as const;
const convolutions: ConvNextConfig = { depths: [1, 1, 2, 1], widths: [8, 12, 16, 24], layerNormEpsilon: 1e-6, dim: 16 };
const core: PeCoreConfig = {
  ...size,
  mlpWidth: 128,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
  classToken: true,
  reference: 4,
  poolWidth: 128,
};
const gigantic: PeCoreConfig = { ...core, classToken: false, mlpWidth: 186 };
const inner: Eva02Config = { ...size, mlpWidth: 85, layerNormEpsilon: 1e-6, norms: 'inner', reference: 5 };
const post: Eva02Config = { ...inner, mlpWidth: 96, norms: 'post' };

const visual = async (folder: string) =>
  openGolden(`oracles2/${folder}/open_clip_model.safetensors`, (name) => name.startsWith('visual.'));
const readConvNext = async (config: ConvNextConfig, folder: string) =>
  loadModel(convNextSpec(config), await visual(folder), openClipConvNextNames(config));
const readCore = async (config: PeCoreConfig, folder: string) =>
  loadModel(peCoreSpec(config), await visual(folder), openClipPeCoreNames);
const readEva = async (config: Eva02Config, folder: string) =>
  loadModel(eva02Spec(config), await visual(folder), openClipEva02Names(config));

const rowsOf = async (family: string) => readTensors(`oracles2/${family}/expected.safetensors`);

describeGolden('towers of timm', () => {
  describeBackends('against open_clip', () => {
    test.each<[string, ConvNextConfig]>([
      ['base_w', convolutions],
      ['large_d', { ...convolutions, headWidth: 32 }],
      ['xxlarge', { ...convolutions, layerNormEpsilon: 1e-5 }],
    ])('ConvNeXt %s gives its rows and the map of its last stage', async (kind, config) => {
      const expected = await rowsOf('convnext_clip');
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await readConvNext(config, `convnext_clip/${kind}`);
        const rows = await valuesOf(() => convNext(config, model.params).forward(batch));
        expectClose(rows, numbers(expected, `${kind}.image_embeds_raw`), 2e-5);
        const first = { pixels: batch.pixels.slice(0, 64 * 64 * 3), shape: [1, 64, 64, 3] } as const;
        const map = await valuesOf(() => tf.transpose(convNextMap(config, model.params, first), [0, 3, 1, 2]));
        expectClose(map, numbers(expected, `${kind}.stage3`), 2e-5);
      });
    });

    test.each<[string, PeCoreConfig]>([
      ['core', core],
      ['gigantic', gigantic],
    ])('PE-Core %s gives its rows and token states', async (kind, config) => {
      const expected = await rowsOf('pe_core');
      const batch = imageBatch(expected.get(`${kind}.in.pixel_values`)!);
      await expectNoLeak(async () => {
        using model = await readCore(config, `pe_core/${kind}`);
        const rows = await valuesOf(() => peCore(config, model.params).forward(batch));
        expectClose(rows, numbers(expected, `${kind}.image_embeds_raw`), 1e-5);
        const states = await valuesOf(() => peCoreTokens(config, model.params, batch));
        expectClose(states, numbers(expected, `${kind}.last_hidden_state`), 1e-5);
      });
    });

    test.each<[string, Eva02Config]>([
      ['eva02', inner],
      ['eva02_e', post],
    ])('EVA02-CLIP %s gives its rows and token states', async (kind, config) => {
      const expected = await rowsOf('eva02_clip');
      const batch = imageBatch(expected.get(`${kind}.in.pixel_values`)!);
      await expectNoLeak(async () => {
        using model = await readEva(config, `eva02_clip/${kind}`);
        const rows = await valuesOf(() => eva02(config, model.params).forward(batch));
        expectClose(rows, numbers(expected, `${kind}.image_embeds_raw`), 1e-5);
        // The last norm is within the states of timm's forward_features.
        const states = await valuesOf(() => eva02Tokens(config, model.params, batch));
        expectClose(states, numbers(expected, `${kind}.last_hidden_state`), 1e-5);
      });
    });

    test("EVA-CLIP by its authors' names, without a head, is that of jina-clip-v1", async () => {
      const expected = await rowsOf('jina_clip_v1');
      const batch = imageBatch(expected.get('in.pixel_values')!);
      const config: Eva02Config = { ...inner, dim: undefined, width: 48, heads: 3, mlpWidth: 128 };
      const checkpoint = await openGolden('oracles2/jina_clip_v1/clip/model.safetensors');
      const others = [...checkpoint.names].filter((name) => !name.startsWith('vision_model.'));
      await expectNoLeak(async () => {
        using model = await loadModel(eva02Spec(config), checkpoint, { ...jinaClipVisionNames, ignore: others });
        const encoder = eva02(config, model.params);
        expect(encoder.dim).toBe(48);
        expectClose(await valuesOf(() => encoder.forward(batch)), numbers(expected, 'image_embeds_raw'), 1e-5);
        const states = await valuesOf(() => eva02Tokens(config, model.params, batch));
        expectClose(states, numbers(expected, 'vision.last_hidden_state'), 1e-5);
      });
    });

    test('the ViT of MobileCLIP2-L-14 gives its rows, which others do not', async () => {
      const expected = await rowsOf('mobileclip2');
      const batch = imageBatch(expected.get('l14.in.pixel_values')!);
      const config = { ...size, mlpWidth: 128, activation: 'gelu', layerNormEpsilon: 1e-5 };
      const spec = { ...vitSpec(config), projection: linearSpec(32, 16) };
      using model = await loadModel(spec, await visual('mobileclip2/l14'), openClipTimmVitNames);
      const check = async (mistake: Partial<VitConfig>) => {
        const rows = await valuesOf(() => vit({ ...config, ...mistake }, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'l14.image_embeds_raw'), 2e-5);
      };
      await check({});
      await expect(check({ activation: 'quick_gelu' })).rejects.toThrow(/expected/);
      await expect(check({ layerNormEpsilon: 1e-6 })).rejects.toThrow(/expected/);
    });

    test.each<[string, Partial<PeCoreConfig>]>([
      ['the epsilon of timm', { layerNormEpsilon: 1e-6 }],
      ['the tanh form of GELU', { activation: 'gelu_pytorch_tanh' }],
      ['a grid scaled to another', { reference: 5 }],
    ])('PE-Core is told from %s', async (_, mistake) => {
      const expected = await rowsOf('pe_core');
      const batch = imageBatch(expected.get('core.in.pixel_values')!);
      using model = await readCore(core, 'pe_core/core');
      const rows = await valuesOf(() => peCore({ ...core, ...mistake }, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'core.image_embeds_raw'), 1e-4)).toThrow(/expected/);
    });

    test.each<[string, Partial<Eva02Config>]>([
      ['the epsilon of CLIP', { layerNormEpsilon: 1e-5 }],
      ['a grid that is not scaled', { reference: 4 }],
    ])('EVA02-CLIP is told from %s', async (_, mistake) => {
      const expected = await rowsOf('eva02_clip');
      const batch = imageBatch(expected.get('eva02.in.pixel_values')!);
      using model = await readEva(inner, 'eva02_clip/eva02');
      const rows = await valuesOf(() => eva02({ ...inner, ...mistake }, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'eva02.image_embeds_raw'), 1e-4)).toThrow(/expected/);
    });

    test('ConvNeXt of one size is told from the epsilon of the largest', async () => {
      const expected = await rowsOf('convnext_clip');
      const batch = imageBatch(expected.get('in.pixel_values')!);
      using model = await readConvNext(convolutions, 'convnext_clip/base_w');
      const config = { ...convolutions, layerNormEpsilon: 1e-5 };
      const rows = await valuesOf(() => convNext(config, model.params).forward(batch));
      expect(() => expectClose(rows, numbers(expected, 'base_w.image_embeds_raw'), 5e-5)).toThrow(/expected/);
    });
  });
});

describeBackends('towers of timm', () => {
  const images = (side: number) =>
    imageBatch({
      shape: [1, 3, side, side],
      data: Float32Array.from({ length: 3 * side ** 2 }, (_, i) => Math.sin(i)),
    });

  test('have the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      const small = { ...convolutions, depths: [1, 1], widths: [4, 6], headWidth: 5 };
      using first = initializeModel(convNextSpec(small), 1);
      tf.tidy(() => {
        for (const [path, own] of first.variables) if (path.endsWith('layerScale')) own.assign(tf.fill(own.shape, 0.5));
      });
      const convolved = convNext(small, first.params);
      await expectGradients(() => tf.sum(tf.square(convolved.forward(images(16)))), convolved.variables);
      using second = initializeModel(peCoreSpec({ ...core, layers: 1 }), 1);
      const perceived = peCore({ ...core, layers: 1 }, second.params);
      await expectGradients(() => tf.sum(tf.square(perceived.forward(images(16)))), perceived.variables);
      using third = initializeModel(eva02Spec({ ...inner, layers: 1 }), 1);
      const evaluated = eva02({ ...inner, layers: 1 }, third.params);
      await expectGradients(() => tf.sum(tf.square(evaluated.forward(images(16)))), evaluated.variables);
    });
  });

  test('of the sizes of ConvNeXt have as many parameters as the published networks for 1000 classes', () => {
    const count = (spec: Spec) =>
      [...parameters(spec)].reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const depths = [3, 3, 27, 3];
    const base = convNextSpec({ ...convolutions, depths, widths: [128, 256, 512, 1024], dim: 1000 });
    const large = convNextSpec({ ...convolutions, depths, widths: [192, 384, 768, 1536], dim: 1000 });
    // Whose last layers have biases.
    expect([count(base) + 1000, count(large) + 1000]).toEqual([88_591_464, 197_767_336]);
  });
});
