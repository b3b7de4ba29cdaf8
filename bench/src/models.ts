import { vit, vitSpec } from '@diptych/image-encoder';
import { initializeModel } from '@diptych/nn';
import { clipText, clipTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig, textConfig } from './clip-b32.ts';
import { imageTower, type OnnxArithmetic, textTower } from './clip-onnx.ts';
import type { Batches } from './engines.ts';

/** One tower with random weights, the same for every model made. */
export interface BenchModel {
  readonly forward: (batch: Batches) => Float32Array;
  readonly model: (arithmetic: OnnxArithmetic) => Uint8Array;
  readonly free: () => void;
}

export function imageModel(): BenchModel {
  const loaded = initializeModel(vitSpec(imageConfig), 1);
  const encoder = vit(imageConfig, loaded.params);
  return {
    forward: ({ image }) => rows(() => encoder.forward(image)),
    model: (arithmetic) => imageTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

export function textModel(): BenchModel {
  const loaded = initializeModel(clipTextSpec(textConfig), 2);
  const encoder = clipText(textConfig, loaded.params);
  return {
    forward: ({ text }) => rows(() => encoder.forward(text)),
    model: (arithmetic) => textTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

function rows(forward: () => tf.Tensor): Float32Array {
  return tf.tidy(() => forward().dataSync<'float32'>());
}
