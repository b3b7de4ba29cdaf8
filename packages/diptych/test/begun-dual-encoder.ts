import { encodeSafetensors } from '@diptych/checkpoint';
import { initializeModel, param, zeros } from '@diptych/nn';
import { captionVocabulary, type Image } from '@diptych/preprocessing';
import { dualEncoderPlan } from '../src/index.ts';

export const vocabulary = captionVocabulary(['a red dog', 'a blue cat'], { minCount: 1 });
export const vocabSize = Object.keys(vocabulary.word2idx).length;
export const texts = ['a red cat', 'dog'];
export const image: Image = {
  data: Uint8Array.from({ length: 12 * 9 * 3 }, (_, i) => (37 * i) % 256),
  width: 12,
  height: 9,
  channels: 3,
};

export const towers = {
  text: {
    gru: { kind: 'gru', wordDim: 5 },
    'two-way lstm': { kind: 'lstm', wordDim: 5, layers: 2, bidirectional: true },
    bag: { kind: 'bag' },
    transformer: { kind: 'transformer', width: 8, layers: 2, heads: 2, contextLength: 6 },
  },
  image: {
    cnn: { kind: 'cnn', size: 16, widths: [4, 8] },
    vit: { kind: 'vit', size: 16, patchSize: 4, width: 8, layers: 1, heads: 2 },
  },
} as const;

/** A model that was just begun, and its files as `diptych train` writes them. */
export function begun(text: object, imageConfig: object) {
  const config = { model_type: 'dual_encoder', dim: 6, vocabSize, text, image: imageConfig };
  const plan = dualEncoderPlan(config, 'config.json');
  const logScale = param([], zeros);
  const model = initializeModel({ text: plan.text.spec, image: plan.image.spec, logScale }, 1);
  const tensors = [...model.variables].map(([name, variable]) => {
    return [name, { shape: variable.shape, data: variable.dataSync<'float32'>() }] as const;
  });
  const files = {
    'config.json': new Blob([JSON.stringify(config)]),
    'vocab.json': new Blob([JSON.stringify(vocabulary)]),
    'model.safetensors': new Blob([encodeSafetensors(tensors)]),
  };
  return { plan, model, files };
}
