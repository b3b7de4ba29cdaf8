import {
  type BatchNorm,
  batchNormNames,
  type BatchNormalize,
  batchNormSpec,
  conv2d,
  type Conv2d,
  conv2dSpec,
  type NameTable,
  type ParamsOf,
} from '@diptych/nn';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** A convolution without bias and the batch norm behind it. */
export type ConvUnit = { readonly conv: Conv2d; readonly norm: BatchNorm };

/** How a network normalises. */
export interface Normalization {
  readonly normalize: BatchNormalize;
  /** Added to the variance. */
  readonly epsilon: number;
}

export interface ConvNetOptions {
  /** Default `batchNorm`; `trainingBatchNorm()` while training. */
  readonly normalize?: BatchNormalize;
}

export function convUnitSpec(size: number, inputs: number, outputs: number): ConvUnit {
  return { conv: conv2dSpec(size, inputs, outputs), norm: batchNormSpec(outputs) };
}

/** The filter is centred: `[n, height, width, inputs]` to `[n, ceil(height / stride), ceil(width / stride), outputs]`. */
export function convUnit(
  { conv, norm }: ParamsOf<ConvUnit>,
  x: Tensor4D,
  { normalize, epsilon }: Normalization,
  stride = 1,
): Tensor4D {
  const padding = (conv.weight.shape[0] - 1) / 2;
  return normalize(norm, conv2d(conv, x, { stride, padding }), epsilon);
}

/** Table entries for the unit at `path`. */
export function convUnitNames(path: string, conv: string, norm: string): NameTable['names'] {
  return { [`${path}.conv`]: conv, ...batchNormNames(`${path}.norm`, norm) };
}
