import { describeGolden } from '@diptych/golden';
import { loadModel, type ParamsOf } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
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
import { beforeAll, test } from 'vitest';
import {
  hfSiglipVisionNames,
  type MapHead,
  mapHead,
  openClipSiglipVisionNames,
  siglipVit,
  type SiglipVitConfig,
  siglipVitSpec,
  siglipVitTokens,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const tiny: SiglipVitConfig = {
  imageSize: 32,
  patchSize: 8,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  activation: 'gelu_pytorch_tanh',
  layerNormEpsilon: 1e-6,
  positionResize: 'hf',
};

describeGolden('siglipVit', () => {
  describeBackends('the tiny SigLIP', () => {
    test.each([
      ['transformers', 'tiny_siglip/model', hfSiglipVisionNames, 'vision_model.'],
      ['open_clip', 'tiny_siglip_openclip/open_clip_model', openClipSiglipVisionNames, 'visual.'],
    ])('gives its embeddings and token states from the names of %s', async (_, file, names, prefix) => {
      const expected = await readTensors('oracles/tiny_siglip/expected.safetensors');
      const checkpoint = await openGolden(`oracles/${file}.safetensors`, (name) => name.startsWith(prefix));
      const batch = imageBatch(expected.get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using model = await loadModel(siglipVitSpec(tiny), checkpoint, names);
        const { forward } = siglipVit(tiny, model.params);
        expectClose(await valuesOf(() => forward(batch)), numbers(expected, 'image_embeds_raw'), 1e-5);
        const states = await valuesOf(() => siglipVitTokens(tiny, model.params, batch));
        expectClose(states, numbers(expected, 'vision.last_hidden_state'), 1e-5);
      });
    });
  });

  describeBackends('mapHead', () => {
    test('and its gradient are exact', async () => {
      const config = { heads: 2, activation: 'gelu_pytorch_tanh', layerNormEpsilon: 1e-6 };
      await expectLayer('siglip_map_head', ({ x, ...weights }) => {
        return { y: mapHead(config, headOf(weights), x as tf.Tensor3D) };
      });
    });
  });
});

function headOf(weights: Readonly<Record<string, tf.Tensor>>): ParamsOf<MapHead> {
  const part = (weight: string, bias: string) => ({
    weight: tf.transpose(weights[weight] as tf.Tensor2D),
    bias: weights[bias] as tf.Tensor1D,
  });
  const named = (name: string) => part(`${name}.weight`, `${name}.bias`);
  return {
    probe: tf.reshape<tf.Rank.R1>(weights['probe']!, [-1]),
    attention: {
      inProj: part('attention.in_proj_weight', 'attention.in_proj_bias'),
      outProj: named('attention.out_proj'),
    },
    norm: { weight: weights['layernorm.weight'] as tf.Tensor1D, bias: weights['layernorm.bias'] as tf.Tensor1D },
    mlp: { fc1: named('mlp.fc1'), fc2: named('mlp.fc2') },
  };
}
