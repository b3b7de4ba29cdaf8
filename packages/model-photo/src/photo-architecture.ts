import { dequantized, openCheckpoint } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { mobileNetV1, mobileNetV1Config } from '@diptych/image-encoder';
import { constant, loadModel, type NameTable, param } from '@diptych/nn';
import { imageProcessor } from '@diptych/preprocessing/image';
import { embeddingBag, type EmbeddingBagConfig, embeddingBagSpec } from '@diptych/text-encoder';
import { type Architecture, imageTower, textTower } from 'diptych';
import { modelType, type PhotoConfig, readConfig } from './config.ts';
import { imageEncoder, imageSpec } from './image-encoder.ts';
import { textWords } from './text-words.ts';

/** The vocabulary, UTF-8, a word a line. */
const vocabulary = 'text.vocabulary';

/** The files call every array as we do. */
const names: NameTable = {
  names: Object.fromEntries(['text', 'image', 'logScale'].map((name) => [name, { asIs: name }])),
  ignore: [vocabulary],
};

/** A bag of words and what a MobileNet v1 says of a photo; the family of `photo`. */
export const photoArchitecture: Architecture = {
  version: 1,
  name: modelType,
  async open(files, options) {
    const config = await readConfig(files, options.signal);
    if (!config) return undefined;
    const bag = bagOf(config);
    const spec = { text: embeddingBagSpec(bag), image: imageSpec(config), logScale: param([], constant(0)) };
    const checkpoint = dequantized(await openCheckpoint(files, options.signal));
    const model = await loadModel(spec, checkpoint, names, options);
    try {
      const words = await checkpoint.read(vocabulary, options.signal);
      options.onPacked?.(vocabulary, words);
      const preprocess = textWords(wordsIn(words.data as Uint8Array<ArrayBuffer>, config, files.id));
      const network = mobileNetV1(mobileNetV1Config(config.image.alpha), model.params.image.network).keeping!();
      return {
        towers: {
          text: textTower({ encoder: embeddingBag(bag, model.params.text), preprocess }),
          image: imageTower({
            encoder: imageEncoder(config, model.params.image, network),
            preprocess: imageProcessor(pixelsOf(config)),
            background: [255, 255, 255],
          }),
        },
        logitScale: Math.exp(model.params.logScale.dataSync()[0]!),
        weights: model,
        [Symbol.dispose]: () => {
          network[Symbol.dispose]();
          model[Symbol.dispose]();
        },
      };
    } catch (error) {
      model[Symbol.dispose]();
      throw error;
    }
  },
};

/** Words that say much have long rows, so that their sum is all there is to it. */
function bagOf({ dim, text: { words } }: PhotoConfig): EmbeddingBagConfig {
  return { vocabSize: words, dim, pooling: 'sum' };
}

/** Squeezed into a square, from `[0, 255]` to `[-1, 1]`, as MobileNet was trained. */
function pixelsOf({ image: { size } }: PhotoConfig) {
  const resize = { mode: 'exact', width: size, height: size, filter: 'bilinear' } as const;
  return { toRgb: 'before', resize, rescale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] } as const;
}

function wordsIn(bytes: Uint8Array<ArrayBuffer>, { text: { words } }: PhotoConfig, id: string): string[] {
  const found = new TextDecoder().decode(bytes).split('\n');
  if (found.length === words) return found;
  throw new EmbeddingError('CHECKPOINT_MISMATCH', {
    where: `${id}: ${vocabulary}`,
    expected: `${words} words`,
    got: found.length,
  });
}
