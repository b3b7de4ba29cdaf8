import { openTfjsWeights } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { kerasMobileNetV1Names, mobileNetV1, mobileNetV1Spec } from '@diptych/image-encoder';
import { imageProcessor } from '@diptych/preprocessing/image';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { imagePlan, loadPlan } from '../model-plan.ts';
import { layersOf } from './layers-model.ts';
import { isMobileNetV1, mobileNetV1Layers } from './mobilenet-v1-layers.ts';

/**
 * Features of MobileNet v1 as Keras publishes it, converted for TensorFlow.js: a `model.json` with layers and weights.
 * Of another such model it says that it is `UNSUPPORTED`, so it goes last.
 */
export const tfjsMobileNet: Architecture = {
  version: 1,
  name: 'mobilenet_v1',
  async open(files, options) {
    const json = await readJson(files, 'model.json', options.signal);
    if (!json?.['weightsManifest']) return undefined;
    const where = `${files.id}/model.json`;
    if (options.onPacked) {
      const expected = 'none for a model of TensorFlow.js, whose shards have no place for packed weights';
      throw new EmbeddingError('UNSUPPORTED', { where: `${where}: onPacked`, expected, got: 'a function' });
    }
    const layers = layersOf(json, where);
    if (!isMobileNetV1(layers)) {
      const got = layers.slice(0, 4).map(({ name }) => name);
      throw new EmbeddingError('UNSUPPORTED', {
        where,
        expected: 'MobileNet v1 with layers conv1, conv_dw_1, conv_pw_1',
        got: `${got.join(', ')}…`,
      });
    }
    const { config, height, width } = mobileNetV1Layers(layers);
    const image = imagePlan({
      spec: mobileNetV1Spec(config),
      names: kerasMobileNetV1Names,
      preprocess: imageProcessor({ ...pixels, resize: { mode: 'exact', height, width, filter: 'bilinear' } }),
      encoder: (params) => mobileNetV1(config, params),
    });
    return loadPlan(await openTfjsWeights(files, options.signal), { towers: { image } }, options);
  },
};

/** From `[0, 255]` to `[-1, 1]`, as in Keras's `preprocess_input`. */
const pixels = { toRgb: 'before', rescale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] } as const;
