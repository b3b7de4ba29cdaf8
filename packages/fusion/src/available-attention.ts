import { expectMembers, hiddenScore } from '@diptych/core';
import { linear, normal, param, type Param, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Available, availableFusion, type AvailableFusion } from './available-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { project, type Projections, projectionsSpec } from './projections.ts';

export type AvailableAttention = {
  readonly projections: Projections;
  /** `[dim]`, what the weights are scores against. */
  readonly query: Param<readonly [number]>;
};

export function availableAttentionSpec(config: JointConfig<string>): AvailableAttention {
  const { parts, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim), query: param([dim], normal(dim ** -0.5)) };
}

/** Mean of the projected parts that are there, weighted by `softmax(query · h)` over them; `[n, dim]`. */
export function availableAttention(params: ParamsOf<AvailableAttention>, available: Available): tf.Tensor2D {
  const { parts, mask } = expectMembers(available, 'availableAttention: available', 'parts', 'mask');
  const { projections, query } = expectMembers(params, 'availableAttention: parameters', 'projections', 'query');
  const projected = tf.stack(project(projections, parts), 1); // [n, parts, dim]
  const scores = tf.squeeze(linear({ weight: tf.reshape<tf.Rank.R2>(query, [-1, 1]) }, projected), [2]);
  const weights = tf.softmax(tf.add(scores, tf.mul(tf.sub(1, mask), hiddenScore)));
  return tf.sum(tf.mul(projected, tf.expandDims(weights, 2)), 1);
}

export function availableAttentionFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<AvailableAttention>,
): AvailableFusion<Part> {
  return availableFusion(config, params, (available) => availableAttention(params, available));
}
