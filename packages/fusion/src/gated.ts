import type { Fusion } from '@diptych/core';
import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { type JointConfig, pairOf } from './joint-config.ts';
import { type NamedParts, type Projections, projectionsSpec, withOwn } from './projections.ts';

/** Without biases, as in the paper. */
export type Gated = { readonly gate: Projection; readonly projections: Projections };

/** @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts. */
export function gatedSpec({ parts, dim }: JointConfig<string>): Gated {
  const [first, second] = pairOf('gated', parts);
  return { gate: projectionSpec(first + second, dim), projections: projectionsSpec(parts, dim) };
}

/**
 * Gated multimodal unit, Arevalo et al. 2017, arXiv:1702.01992: `z tanh(Wx x) + (1 - z) tanh(Wy y)` with
 * `z = σ(Wz [x; y])`, `[n, dim]`; `x` is the first part of `projections`.
 */
export function gated({ gate, projections }: ParamsOf<Gated>, parts: NamedParts): tf.Tensor2D {
  const found = withOwn(projections, parts, (own, x, name) => [name, { x, h: tf.tanh(linear(own, x)) }] as const);
  const byName = new Map(found);
  const [first, second] = Object.keys(projections).map((name) => byName.get(name)!);
  const z = tf.sigmoid(linear(gate, tf.concat([first!.x, second!.x], 1)));
  return tf.add(tf.mul(z, first!.h), tf.mul(tf.sub(1, z), second!.h));
}

export function gatedFusion<Part extends string>(config: JointConfig<Part>, params: ParamsOf<Gated>): Fusion<Part> {
  pairOf('gated', config.parts);
  return completeFusion(config, params, (parts) => gated(params, parts));
}
