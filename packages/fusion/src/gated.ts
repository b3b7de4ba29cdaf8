import { expectMembers, type Fusion } from '@diptych/core';
import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig, pairOf, valuesOf } from './joint-config.ts';
import { type NamedParts, type Projections, projectionsSpec, withOwn } from './projections.ts';

/** Without biases, as in the paper. */
export type Gated = { readonly gate: Projection; readonly projections: Projections };

/** @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts. */
export function gatedSpec(config: JointConfig<string>): Gated {
  const { parts, dim } = checkConfig(config);
  const [first, second] = pairOf('gated', parts);
  return { gate: projectionSpec(first + second, dim), projections: projectionsSpec(parts, dim) };
}

/**
 * Gated multimodal unit, Arevalo et al. 2017, arXiv:1702.01992: `z tanh(Wx x) + (1 - z) tanh(Wy y)` with
 * `z = σ(Wz [x; y])`, `[n, dim]`, the parts in the order of their names.
 */
export function gated(params: ParamsOf<Gated>, parts: NamedParts): tf.Tensor2D {
  const { gate, projections } = expectMembers(params, 'gated: parameters', 'gate', 'projections');
  const [first, second] = withOwn(projections, parts, (own, x) => tf.tanh(linear(own, x)));
  const z = tf.sigmoid(linear(gate, tf.concat(valuesOf(parts), 1)));
  return tf.add(tf.mul(z, first!), tf.mul(tf.sub(1, z), second!));
}

export function gatedFusion<Part extends string>(config: JointConfig<Part>, params: ParamsOf<Gated>): Fusion<Part> {
  checkConfig(config);
  pairOf('gated', config.parts);
  return completeFusion(config, params, (parts) => gated(params, parts));
}
