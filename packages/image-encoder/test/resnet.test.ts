import { describeGolden } from '@diptych/golden';
import { type Attention, initializeModel, loadModel, type ParamsOf, trainingBatchNorm } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  expectGradients,
  describeBackends,
  expectClose,
  expectLayer,
  expectNoLeak,
  imageBatch,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { attentionPool } from '../src/attention-pool.ts';
import {
  clipResnet,
  type ClipResnetConfig,
  clipResnetFeatures,
  clipResnetSpec,
  hfResnetNames,
  openClipResnetNames,
  resnet,
  type ResnetConfig,
  resnetFeatures,
  resnetSpec,
  torchvisionResnetNames,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const tiny: ResnetConfig = { stemWidth: 4, widths: [16, 32, 64, 128], depths: [1, 2, 1, 1], block: 'bottleneck' };
const tinyClip: ClipResnetConfig = { imageSize: 64, width: 4, depths: [1, 2, 1, 1], heads: 2, dim: 16 };

const isVisual = (name: string) => name.startsWith('visual.');
/** `[n, channels, height, width]`, as the files have it. */
const asStored = (x: tf.Tensor4D) => tf.transpose(x, [0, 3, 1, 2]);

describeGolden('residual networks', () => {
  describeBackends('resnet', () => {
    test.each([
      ['torchvision', torchvisionResnetNames],
      ['hf', hfResnetNames],
    ])('gives feature maps and rows from the names of %s', async (file, names) => {
      const expected = await readTensors('oracles/tiny_resnet/expected.safetensors');
      const checkpoint = await openGolden(`oracles/tiny_resnet/${file}.safetensors`);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await loadModel(resnetSpec(tiny), checkpoint, names);
        const features = await valuesOf(() => asStored(resnetFeatures(model.params, batch)));
        expectClose(features, numbers(expected, 'feature_map'), 1e-5);
        const rows = await valuesOf(() => resnet(tiny, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'pooled'), 1e-5);
      });
    });
  });

  describeBackends('clipResnet', () => {
    test('gives the feature maps and embeddings of open_clip', async () => {
      const expected = await readTensors('oracles/tiny_clip_rn/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip_rn/open_clip_model.safetensors', isVisual);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await loadModel(clipResnetSpec(tinyClip), checkpoint, openClipResnetNames);
        const features = await valuesOf(() => asStored(clipResnetFeatures(model.params, batch)));
        expectClose(features, numbers(expected, 'layer4'), 1e-5);
        const rows = await valuesOf(() => clipResnet(tinyClip, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'image_embeds_raw'), 1e-5);
      });
    });

    test("gives the features of OpenAI's own code", async () => {
      const config = { ...tinyClip, width: 8, heads: 4, dim: 32 };
      const expected = await readTensors('golden/openai_clip_tiny/rn.io.safetensors');
      const checkpoint = await openGolden('golden/openai_clip_tiny/rn.safetensors', isVisual);
      using model = await loadModel(clipResnetSpec(config), checkpoint, openClipResnetNames);
      const rows = await valuesOf(() => clipResnet(config, model.params).forward(imageBatch(expected.get('image')!)));
      expectClose(rows, numbers(expected, 'image_features'), 1e-5);
    });
  });

  describeBackends('attentionPool', () => {
    test('and its gradient are exact', async () => {
      await expectLayer('clip_attention_pool2d', ({ x, positional_embedding: positions, ...weights }) => {
        const params = { positions: positions as tf.Tensor2D, attention: attentionOf(weights) };
        return { y: attentionPool(params, tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]), 2) };
      });
    });
  });
});

describeBackends('residual networks', () => {
  const images = (side: number) =>
    imageBatch({
      shape: [2, 3, side, side],
      data: Float32Array.from({ length: 6 * side * side }, (_, i) => Math.sin(i)),
    });

  test('train: every trainable variable has its gradient, and the statistics move', async () => {
    await expectNoLeak(async () => {
      using model = initializeModel(resnetSpec({ ...tiny, block: 'basic' }), 1);
      const encoder = resnet(tiny, model.params, { normalize: trainingBatchNorm() });
      const trainable = encoder.variables.filter((variable) => variable.trainable);
      const statistics = encoder.variables.filter((variable) => !variable.trainable);
      const before = statistics.map((variable) => variable.dataSync());
      await expectGradients(() => tf.sum(tf.square(encoder.forward(images(33)))), trainable);
      statistics.forEach((variable, i) => expect(variable.dataSync()).not.toEqual(before[i]));
    });
  });

  test('of CLIP refuse images of another size', async () => {
    using model = initializeModel(clipResnetSpec(tinyClip), 1);
    const { forward } = clipResnet(tinyClip, model.params);
    await expectNoLeak(() => {
      expect(() => forward(images(32))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });
});

function attentionOf(weights: Readonly<Record<string, tf.Tensor>>): ParamsOf<Attention> {
  const parts = ['q_proj', 'k_proj', 'v_proj'];
  return {
    inProj: {
      weight: tf.concat(
        parts.map((part) => tf.transpose(weights[`${part}.weight`] as tf.Tensor2D)),
        1,
      ),
      bias: tf.concat(parts.map((part) => weights[`${part}.bias`] as tf.Tensor1D)),
    },
    outProj: {
      weight: tf.transpose(weights['c_proj.weight'] as tf.Tensor2D),
      bias: weights['c_proj.bias'] as tf.Tensor1D,
    },
  };
}

test('heads of the pooling that do not divide its channels are refused', () => {
  const config = { imageSize: 32, width: 2, depths: [1, 1, 1, 1], dim: 4 };
  for (const heads of [0, 3, 7.75]) {
    expect(() => clipResnetSpec({ ...config, heads })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: `pooling: expected channels that ${heads} heads divide, got 64`,
      }) as Error,
    );
  }
  expect(clipResnetSpec({ ...config, heads: 8 }).stages).toHaveLength(4);
});
