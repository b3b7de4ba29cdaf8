import { expectMembers, type Fusion } from '@diptych/core';
import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, eachPart, type JointConfig } from './joint-config.ts';
import { type NamedParts, productOf, project, type Projections, projectionsSpec, withOwn } from './projections.ts';

export interface MutanConfig<Part extends string> extends JointConfig<Part> {
  /** Length that each part is brought to first. */
  readonly inner: number;
  /** Length of each product. */
  readonly hidden: number;
  /** Number of products that are summed. */
  readonly rank: number;
}

export type Mutan = {
  readonly projections: Projections;
  /** For each part `[inner, rank * hidden]`. */
  readonly factors: Projections;
  readonly out: Projection;
};

export function mutanSpec(config: MutanConfig<string>): Mutan {
  const { parts, inner, hidden, rank, dim } = checkConfig(config);
  return {
    projections: projectionsSpec(parts, inner),
    factors: eachPart(parts, () => projectionSpec(inner, rank * hidden)),
    out: projectionSpec(hidden, dim),
  };
}

/**
 * Bilinear pooling by a Tucker decomposition of bounded rank, Ben-younes et al. 2017, arXiv:1705.06676:
 * `out(Σ_r (M_r tanh(Wx x)) * (N_r tanh(Wy y)))`, `[n, dim]`.
 */
export function mutan(params: ParamsOf<Mutan>, parts: NamedParts): tf.Tensor2D {
  const { projections, factors, out } = expectMembers(params, 'mutan: parameters', 'projections', 'factors', 'out');
  const inner = withOwn(projections, parts, (projection, x, name) => [name, tf.tanh(linear(projection, x))] as const);
  const products = productOf(project(factors, Object.fromEntries(inner)));
  const hidden = out.weight.shape[0];
  return linear(out, tf.sum<tf.Tensor2D>(tf.reshape(products, [products.shape[0], -1, hidden]), 1));
}

export function mutanFusion<Part extends string>(config: MutanConfig<Part>, params: ParamsOf<Mutan>): Fusion<Part> {
  return completeFusion(config, params, (parts) => mutan(params, parts));
}
