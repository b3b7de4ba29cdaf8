import { dequantized, openCheckpoint } from '@diptych/checkpoint';
import { constant, loadModel, type NameTable, param } from '@diptych/nn';
import { type Architecture, imageTower, textTower } from 'diptych';
import { modelType, readConfig } from './config.ts';
import { imagePixels } from './image-pixels.ts';
import { imageEncoder, imageSpec } from './image-encoder.ts';
import { textFeatures } from './text-features.ts';
import { textEncoder, textSpec } from './text-encoder.ts';

/** The files call every array as we do. */
const names: NameTable = {
  names: Object.fromEntries(['text', 'image', 'logScale'].map((name) => [name, { asIs: name }])),
};

/** A bag of hashed features for texts and a small convolutional network for pictures; the family of `emoji`. */
export const emojiArchitecture: Architecture = {
  version: 1,
  name: modelType,
  async open(files, options) {
    const config = await readConfig(files, options.signal);
    if (!config) return undefined;
    const spec = { text: textSpec(config), image: imageSpec(config), logScale: param([], constant(0)) };
    const checkpoint = dequantized(await openCheckpoint(files, options.signal));
    const model = await loadModel(spec, checkpoint, names, options);
    return {
      towers: {
        text: textTower({
          encoder: textEncoder(config, model.params.text),
          preprocess: textFeatures(config.text.buckets),
        }),
        image: imageTower({
          encoder: imageEncoder(config, model.params.image),
          preprocess: imagePixels(config.image.size),
          background: [255, 255, 255],
        }),
      },
      logitScale: Math.exp(model.params.logScale.dataSync()[0]!),
      weights: model,
      [Symbol.dispose]: () => model[Symbol.dispose](),
    };
  },
};
