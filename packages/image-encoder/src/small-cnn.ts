import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import { batchNorm, globalAveragePool, inTurn, linear, type Linear, linearSpec, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type ConvNetOptions, type ConvUnit, convUnit, convUnitSpec } from './conv-unit.ts';
import { convNet } from './folded-units.ts';
import { pixelsOf } from './image-batch.ts';

/** A network small enough to be trained from scratch: 3 x 3 filters, each halving the image. */
export interface SmallCnnConfig {
  /** Channels of each convolution; 32, 64, 128, 256 for images of 64 to 128 pixels. */
  readonly widths: readonly number[];
  /** Length of an embedding. */
  readonly dim: number;
}

export type SmallCnn = { readonly units: readonly ConvUnit[]; readonly head: Linear };

export function smallCnnSpec(config: SmallCnnConfig): SmallCnn {
  const { widths, dim } = expectMembers(config, 'config', 'widths', 'dim');
  return {
    units: widths.map((width, i) => convUnitSpec(3, widths[i - 1] ?? 3, width)),
    head: linearSpec(widths.at(-1)!, dim),
  };
}

/** Images of any size. */
export function smallCnn(
  config: SmallCnnConfig,
  params: ParamsOf<SmallCnn>,
  options: ConvNetOptions = {},
): Encoder<ImageBatch> {
  expectObjects({ config, params, options });
  const { normalize = batchNorm } = options;
  const normalization = { normalize, epsilon: 1e-5 };
  const forward = (given: ParamsOf<SmallCnn>, few: ImageBatch) => {
    const steps = given.units.map(
      (unit) => (x: tf.Tensor4D) => convUnit(unit, x, normalization, { stride: 2, activation: tf.relu }),
    );
    return linear(given.head, globalAveragePool(inTurn(steps, pixelsOf(few))));
  };
  return convNet({ dim: config.dim, params, epsilon: normalization.epsilon, forward }, options);
}
