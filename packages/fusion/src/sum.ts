import { expectMembers, type Fusion } from '@diptych/core';
import { param, type Param, type ParamsOf, zeros } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { type NamedParts, project, type Projections, projectionsSpec } from './projections.ts';

export type Sum = { readonly projections: Projections; readonly bias: Param<readonly [number]> };

export function sumSpec(config: JointConfig<string>): Sum {
  const { parts, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim), bias: param([dim], zeros) };
}

/** `Wx x + Wy y + bias`, `[n, dim]`. */
export function sum(params: ParamsOf<Sum>, parts: NamedParts): tf.Tensor2D {
  const { projections, bias } = expectMembers(params, 'sum: parameters', 'projections', 'bias');
  return tf.add(tf.addN(project(projections, parts)), bias);
}

export function sumFusion<Part extends string>(config: JointConfig<Part>, params: ParamsOf<Sum>): Fusion<Part> {
  return completeFusion(config, params, (parts) => sum(params, parts));
}
