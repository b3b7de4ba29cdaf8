import { describeGolden } from '@diptych/golden';
import { initializeModel, l2Normalize, loadModel, place } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  expectGradients,
  describeBackends,
  expectClose,
  expectNoLeak,
  imageBatch,
  numbers,
  openGolden,
  readManifest,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { hfClipVisionNames, openClipVisionNames, vit, type VitConfig, vitSpec, vitTokens } from '../src/index.ts';

const tiny: VitConfig = {
  imageSize: 32,
  patchSize: 8,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  dim: 16,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  positionResize: 'hf',
};

const isHfVision = (name: string) => name.startsWith('visi') || name.startsWith('visual');
const isOpenClipVision = (name: string) => name.startsWith('visual.');

describeGolden('vit', () => {
  describeBackends('the tiny CLIP of transformers', () => {
    test.each(['quick_gelu', 'gelu'])('gives its embeddings and token states with %s', async (activation) => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model.safetensors', isHfVision);
      const config = { ...tiny, activation };
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await loadModel(vitSpec(config), checkpoint, hfClipVisionNames);
        const { forward } = vit(config, model.params);
        expectClose(await valuesOf(() => forward(batch)), numbers(expected, `${activation}.image_embeds_raw`), 1e-5);
        const states = await valuesOf(() => vitTokens(config, model.params, batch));
        expectClose(states, numbers(expected, `${activation}.vision.last_hidden_state`), 1e-5);
      });
    });

    test.each([
      ['after_pre_layrnorm', 0],
      ['after_layer0', 1],
    ] as const)('agrees %s', async (name, layers) => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model.safetensors', isHfVision);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      using model = await loadModel(vitSpec(tiny), checkpoint, hfClipVisionNames);
      const cut = { ...model.params, blocks: model.params.blocks.slice(0, layers) };
      const states = await valuesOf(() => vitTokens(tiny, cut, batch));
      expectClose(states, numbers(expected, `quick_gelu.vision.${name}`), 1e-5);
    });

    test('resizes position embeddings for images of another size', async () => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model_with_position_ids.safetensors', isHfVision);
      const batch = imageBatch(expected.get('in.pixel_values_40x48')!);
      using model = await loadModel(vitSpec(tiny), checkpoint, hfClipVisionNames);
      const rows = await valuesOf(() => vit(tiny, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'interp_40x48.image_embeds_raw'), 1e-5);
    });

    test('gives the same from the names of open_clip', async () => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip_openclip/open_clip_model.safetensors', isOpenClipVision);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      using model = await loadModel(vitSpec(tiny), checkpoint, openClipVisionNames);
      const rows = await valuesOf(() => vit(tiny, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'quick_gelu.image_embeds_raw'), 1e-5);
    });
  });

  describeBackends('the tiny Chinese-CLIP of transformers', () => {
    test('gives its unit image rows', async () => {
      const config = { ...tiny, layers: 1 };
      const expected = await readTensors('oracles/tiny_chinese_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_chinese_clip/model.safetensors', isHfVision);
      using model = await loadModel(vitSpec(config), checkpoint, hfClipVisionNames);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      const rows = await valuesOf(() => l2Normalize(vit(config, model.params).forward(batch)));
      expectClose(rows, numbers(expected, 'image_embeds'), 1e-5);
    });
  });

  describeBackends("OpenAI's own code", () => {
    test('gives its image features', async () => {
      const config: VitConfig = { ...tiny, width: 128, layers: 3, heads: 2, mlpWidth: 512, dim: 32 };
      const expected = await readTensors('golden/openai_clip_tiny/vit.io.safetensors');
      const checkpoint = await openGolden('golden/openai_clip_tiny/vit.safetensors', isOpenClipVision);
      const batch = imageBatch(expected.get('image')!);
      using model = await loadModel(vitSpec(config), checkpoint, openClipVisionNames);
      const rows = await valuesOf(() => vit(config, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'image_features'), 1e-5);
    });
  });
});

describeGolden('hfClipVisionNames', () => {
  test('maps CLIPVisionModelWithProjection whole', async () => {
    const manifest = await readManifest('hf_clip_vision_with_projection_b32');
    const base = { imageSize: 224, patchSize: 32, width: 768, layers: 12, heads: 12, mlpWidth: 3072, dim: 512 };
    const placed = place(vitSpec({ ...tiny, ...base }), manifest, hfClipVisionNames);
    expect(placed.flatMap(({ from }) => from).toSorted()).toEqual([...manifest.names].toSorted());
  });
});

describeBackends('vit', () => {
  const batch = imageBatch({ shape: [2, 3, 32, 32], data: Float32Array.from({ length: 6144 }, (_, i) => Math.sin(i)) });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = initializeModel(vitSpec(tiny), 1);
      const encoder = vit(tiny, model.params);
      expect(encoder.variables).toHaveLength(3 + 2 + 2 * 12 + 2 + 1);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(batch))), encoder.variables);
    });
  });

  test('refuses images that patches do not cover or that are not RGB', async () => {
    using model = initializeModel(vitSpec(tiny), 1);
    const { forward } = vit(tiny, model.params);
    const images = (shape: readonly number[]) =>
      imageBatch({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    await expectNoLeak(() => {
      expect(() => forward(images([1, 3, 32, 36]))).toThrow(mismatch);
      expect(() => forward(images([1, 3, 36, 32]))).toThrow(mismatch);
      expect(() => forward(images([1, 1, 32, 32]))).toThrow(mismatch);
      expect(() => forward({ ...images([1, 3, 32, 32]), shape: [2, 32, 32, 3] })).toThrow(mismatch);
    });
  });
});
