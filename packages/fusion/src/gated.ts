import type { Fusion } from '@diptych/core';
import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { pairFusion } from './complete-fusion.ts';
import { type JointConfig, pairOf } from './joint-config.ts';
import { project, type Projections, projectionsSpec } from './projections.ts';

/** Without biases, as in the paper. */
export type Gated = { readonly gate: Projection; readonly projections: Projections };

/** @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts. */
export function gatedSpec({ parts, dim }: JointConfig<string>): Gated {
  const [first, second] = pairOf('gated', parts);
  return { gate: projectionSpec(first + second, dim), projections: projectionsSpec(parts, dim) };
}

/**
 * Gated multimodal unit, Arevalo et al. 2017, arXiv:1702.01992: `z tanh(Wx x) + (1 - z) tanh(Wy y)` with
 * `z = σ(Wz [x; y])`, `[n, dim]`.
 */
export function gated({ gate, projections }: ParamsOf<Gated>, x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const z = tf.sigmoid(linear(gate, tf.concat([x, y], 1)));
  const [hx, hy] = project(projections, [x, y]).map((h) => tf.tanh(h)) as [tf.Tensor2D, tf.Tensor2D];
  return tf.add(tf.mul(z, hx), tf.mul(tf.sub(1, z), hy));
}

export function gatedFusion<Part extends string>(config: JointConfig<Part>, params: ParamsOf<Gated>): Fusion<Part> {
  return pairFusion('gated', config, params, (x, y) => gated(params, x, y));
}
