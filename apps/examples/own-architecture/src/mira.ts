import { openCheckpoint } from '@diptych/checkpoint';
import { constant, joinNames, loadModel, param } from '@diptych/nn';
import { type Architecture, imageTower, textTower } from 'diptych';
import { miraImage, miraImageNames, miraImageSpec, miraPixels } from './mira-image.ts';
import { miraText, miraTextNames, miraTextSpec, miraTokens } from './mira-text.ts';

const spec = { text: miraTextSpec, image: miraImageSpec, logScale: param([], constant(Math.log(1 / 0.07))) } as const;

const names = joinNames({
  text: miraTextNames,
  image: miraImageNames,
  logScale: { names: { '': 'temperature' } },
});

/** A dual encoder for product photos, 0.55 million values, 128 dimensions. It has no configuration file. */
export const mira: Architecture = {
  version: 1,
  name: 'mira',
  async open(files, options) {
    const checkpoint = await openCheckpoint(files, options.signal);
    if (!checkpoint.names.has('vision_encoder.cls_token')) return undefined;
    const model = await loadModel(spec, checkpoint, names, options);
    return {
      towers: {
        text: textTower({ encoder: miraText(model.params.text), preprocess: miraTokens }),
        image: imageTower({ encoder: miraImage(model.params.image), preprocess: miraPixels }),
      },
      logitScale: Math.exp(model.params.logScale.dataSync()[0]!),
      [Symbol.dispose]: () => model[Symbol.dispose](),
    };
  },
};
