import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type BiasedConv2d,
  biasedConv2dSpec,
  conv2d,
  inTurn,
  linear,
  type Linear,
  linearSpec,
  maxPool,
  type NameTable,
  normal,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { fewAtOnce } from './few-at-once.ts';
import { checkSize, pixelsOf } from './image-batch.ts';

/** A network of Simonyan & Zisserman 2014, arXiv:1409.1556, up to its second hidden layer, as VSE++ takes it. */
export interface VggConfig {
  /** Side of its square images in pixels. */
  readonly imageSize: number;
  /** Channels of the convolutions of each stage; a stage ends with a pool that halves the image. */
  readonly stages: readonly (readonly number[])[];
  /** Length of an embedding and of the hidden layer; 4096. */
  readonly dim: number;
}

export type Vgg = {
  readonly stages: readonly (readonly BiasedConv2d[])[];
  readonly fc1: Linear;
  readonly fc2: Linear;
};

/** The deepest: 16 convolutions and 3 linear layers, the last of which is left. */
export const vgg19Config: VggConfig = {
  imageSize: 224,
  stages: [
    [64, 64],
    [128, 128],
    [256, 256, 256, 256],
    [512, 512, 512, 512],
    [512, 512, 512, 512],
  ],
  dim: 4096,
};

export function vggSpec(config: VggConfig): Vgg {
  const { imageSize, stages, dim } = expectMembers(config, 'config', 'imageSize', 'stages', 'dim');
  const inputs = [3, ...stages.flat()];
  let next = 0;
  const side = imageSize / 2 ** stages.length;
  return {
    stages: stages.map((widths) => widths.map((width) => biasedConv2dSpec(3, inputs[next++]!, width))),
    fc1: linearSpec(inputs.at(-1)! * side * side, dim, normal(0.01)),
    fc2: linearSpec(dim, dim, normal(0.01)),
  };
}

/** `forward` throws `SHAPE_MISMATCH` for images of another size than `imageSize`. */
export function vgg(config: VggConfig, params: ParamsOf<Vgg>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      checkSize(batch, config.imageSize);
      return fewAtOnce(batch, (few) => rows(params, few));
    },
  };
}

function rows({ stages, fc1, fc2 }: ParamsOf<Vgg>, batch: ImageBatch): tf.Tensor2D {
  const steps = stages.flatMap((convolutions) => [
    ...convolutions.map((conv) => (x: tf.Tensor4D) => tf.relu(conv2d(conv, x, { padding: 1 }))),
    (x: tf.Tensor4D) => maxPool(x, 2, { stride: 2 }),
  ]);
  // [n, height, width, channels] to PyTorch's order, [n, channels * height * width]
  const features = tf.transpose(inTurn(steps, pixelsOf(batch)), [0, 3, 1, 2]);
  const flat = tf.reshape<tf.Rank.R2>(features, [batch.shape[0], -1]);
  return tf.relu(linear(fc2, tf.relu(linear(fc1, flat))));
}

/** torchvision's `vgg*` without batch norm. The last layer of the classifier is left. */
export function torchvisionVggNames(config: VggConfig): NameTable {
  const { stages } = expectMembers(config, 'config', 'stages');
  let layer = 0;
  const names: Record<string, string> = { fc1: 'classifier.0', fc2: 'classifier.3' };
  stages.forEach((widths, stage) => {
    widths.forEach((_, i) => {
      names[`stages.${stage}.${i}`] = `features.${layer}`;
      layer += 2; // the ReLU behind it
    });
    layer += 1; // the pool
  });
  return { names, ignore: ['classifier.6.weight', 'classifier.6.bias'] };
}
