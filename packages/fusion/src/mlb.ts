import { expectMembers, type Fusion } from '@diptych/core';
import { linear, type Linear, linearSpec, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { type NamedParts, productOf, project, type Projections, projectionsSpec } from './projections.ts';

export interface MlbConfig<Part extends string> extends JointConfig<Part> {
  /** Length of the product. */
  readonly rank: number;
}

export type Mlb = { readonly projections: Projections; readonly out: Linear };

export function mlbSpec(config: MlbConfig<string>): Mlb {
  const { parts, rank, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, rank), out: linearSpec(rank, dim) };
}

/** Low-rank bilinear pooling, Kim et al. 2017, arXiv:1610.04325: `out(tanh(U x) * tanh(V y))`, `[n, dim]`. */
export function mlb(params: ParamsOf<Mlb>, parts: NamedParts): tf.Tensor2D {
  const { projections, out } = expectMembers(params, 'mlb: parameters', 'projections', 'out');
  return linear(out, productOf(project(projections, parts).map((h) => tf.tanh(h))));
}

export function mlbFusion<Part extends string>(config: MlbConfig<Part>, params: ParamsOf<Mlb>): Fusion<Part> {
  return completeFusion(config, params, (parts) => mlb(params, parts));
}
