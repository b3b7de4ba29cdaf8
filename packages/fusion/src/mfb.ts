import { expectMembers, type Fusion } from '@diptych/core';
import type { ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { powerNormalize } from './power-normalize.ts';
import { type NamedParts, productOf, project, type Projections, projectionsSpec } from './projections.ts';

export interface MfbConfig<Part extends string> extends JointConfig<Part> {
  /** Neighbours that are summed; 5 in the paper. */
  readonly pool: number;
}

/** For each part `[width, dim * pool]`. */
export type Mfb = { readonly projections: Projections };

export function mfbSpec(config: MfbConfig<string>): Mfb {
  const { parts, dim, pool } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim * pool) };
}

/**
 * Factorised bilinear pooling, Yu et al. 2017, arXiv:1708.01471, without dropout: sums of `pool` neighbours in
 * `(U x) * (V y)`, signed square roots, unit rows; `[n, dim]`.
 */
export function mfb(params: ParamsOf<Mfb>, parts: NamedParts, pool: number): tf.Tensor2D {
  const { projections } = expectMembers(params, 'mfb: parameters', 'projections');
  const products = productOf(project(projections, parts));
  const [n, size] = products.shape;
  return powerNormalize(tf.sum<tf.Tensor2D>(tf.reshape(products, [n, size / pool, pool]), 2));
}

export function mfbFusion<Part extends string>(config: MfbConfig<Part>, params: ParamsOf<Mfb>): Fusion<Part> {
  return completeFusion(config, params, (parts) => mfb(params, parts, config.pool));
}
