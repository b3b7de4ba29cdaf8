import { adam, adamW, infoNce, lossGradients, optimizer, trainStep, type UpdateRule, vsepp } from '@diptych/alignment';
import { seededRandom, type TextBatch } from '@diptych/core';
import { smallCnn, smallCnnSpec } from '@diptych/image-encoder';
import {
  constant,
  initializeModel,
  l2Normalize,
  linear,
  linearSpec,
  type Model,
  param,
  type Spec,
  trainingBatchNorm,
} from '@diptych/nn';
import { clipText, clipTextSpec, recurrentText, recurrentTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { images } from './conv-nets.ts';

const vocabSize = 4000;

/** Whole steps of training, as `pytorch.py` has them. */
export const stepTasks: Readonly<Record<string, () => () => void>> = { gru, cnnTransformer };

/** VSE++ over 128 features of 1024 and captions of 7 to 16 words, which a GRU of 512 reads. */
function gru(): () => void {
  const config = { vocabSize, wordDim: 300, dim: 512, layers: 1, kind: 'gru', bidirectional: false, pooling: 'last' };
  const sizes = { ...config, kind: 'gru', pooling: 'last' } as const;
  const model = initializeModel({ text: recurrentTextSpec(sizes), image: linearSpec(1024, 512) }, 1);
  const encoder = recurrentText(sizes, model.params.text);
  const random = seededRandom(2);
  const features = tf.tensor2d(
    Float32Array.from({ length: 128 * 1024 }, () => random()),
    [128, 1024],
  );
  const batch = texts(128, 16);
  return step(model, adam(), () =>
    vsepp(l2Normalize(linear(model.params.image, features)), l2Normalize(encoder.forward(batch))),
  );
}

/** CLIP's loss over 32 images of 64 pixels and texts of 32 tokens. */
function cnnTransformer(): () => void {
  const cnn = { widths: [32, 64, 128], dim: 128 };
  const text = {
    vocabSize,
    dim: 128,
    width: 256,
    layers: 2,
    heads: 4,
    mlpWidth: 1024,
    contextLength: 32,
    activation: 'gelu',
    layerNormEpsilon: 1e-5,
    endOfText: 2,
  };
  const model = initializeModel(
    { image: smallCnnSpec(cnn), text: clipTextSpec(text), logScale: param([], constant(2.6592)) },
    1,
  );
  const pixels = images(32, 64);
  const batch = texts(32, 32);
  const towers = {
    image: smallCnn(cnn, model.params.image, { normalize: trainingBatchNorm() }),
    text: clipText(text, model.params.text),
  };
  return step(model, adamW(), () =>
    infoNce(l2Normalize(towers.image.forward(pixels)), l2Normalize(towers.text.forward(batch)), model.params.logScale),
  );
}

function step<S extends Spec>(model: Model<S>, rule: UpdateRule, loss: () => tf.Scalar): () => void {
  const moved = optimizer(model.variables, rule);
  return () => void trainStep(moved, (variables) => lossGradients(variables, loss), { learningRate: 2e-4 });
}

/** Of 7 to 16 tokens; the last is the end. */
function texts(n: number, length: number): TextBatch {
  const random = seededRandom(3);
  const ids = new Int32Array(n * length);
  const mask = new Int32Array(n * length);
  for (let i = 0; i < n; i++) {
    const count = 7 + (i % 10);
    for (let at = 0; at < count; at++) {
      ids[i * length + at] = at === count - 1 ? 2 : 4 + Math.floor(random() * (vocabSize - 4));
      mask[i * length + at] = 1;
    }
  }
  return { ids, mask, shape: [n, length] };
}
