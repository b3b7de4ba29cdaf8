import { EmbeddingError, expectMembers, type FusedActivation } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Activation, gelu, geluTanh, hardSigmoid, hardSwish, quickGelu, silu } from './activation.ts';
import { fuse, type Fusable, runFused, runFusedAll } from './fused.ts';
import { constant, xavierUniform, type Initializer, zeros } from '../spec/initializer.ts';
import { factor, param, type Param, type ParamsOf } from '../spec/spec.ts';

/** A linear layer without a bias. */
export type Projection = { readonly weight: Param<readonly [number, number]> };
export type Linear = Projection & { readonly bias: Param<readonly [number]> };

/** The weight is `[inputs, outputs]`, the transpose of PyTorch's. */
export function projectionSpec(
  inputs: number,
  outputs: number,
  init: Initializer = xavierUniform(inputs, outputs),
): Projection {
  return { weight: factor([inputs, outputs], init, [1, 0]) };
}

/** `[outputs]`, multiplies what a layer gives, bias and all, before it is added to a stream. */
export type LayerScale = { readonly layerScale: Param<readonly [number]> };

/** A layer with LayerScale, Touvron et al. 2021, arXiv:2103.17239, as small at the start as there. */
export function scaledLinearSpec(inputs: number, outputs: number, init?: Initializer): Linear & LayerScale {
  return { ...linearSpec(inputs, outputs, init), layerScale: param([outputs], constant(1e-5)) };
}

/** A projection and a bias of zeros. */
export function linearSpec(inputs: number, outputs: number, init?: Initializer): Linear {
  return { ...projectionSpec(inputs, outputs, init), bias: param([outputs], zeros) };
}

export interface LinearOptions<T extends tf.Tensor = tf.Tensor> {
  /** Applied to the sums. */
  readonly activation?: Activation | undefined;
  /** `[outputs]`, multiplies the products before the bias is added. */
  readonly scale?: tf.Tensor | undefined;
  /** Added last; in the shape of the result. */
  readonly residual?: T | undefined;
}

/**
 * `activation(x · weight · scale + bias) + residual` over the last axis of `x`, which may have any rank; with LayerScale in the
 * place of the scale, which multiplies the bias too.
 */
export function linear<T extends tf.Tensor>(
  params: ParamsOf<Projection> & Partial<ParamsOf<Linear & LayerScale>>,
  x: T,
  options: LinearOptions<T> = {},
): T {
  const { weight, bias: own, layerScale } = expectMembers(params, 'parameters', 'weight');
  const { activation: act, scale = layerScale, residual } = expectMembers(options, 'options');
  const bias = own && layerScale ? tf.mul<tf.Tensor1D>(own, layerScale) : own;
  const name = fusedName(act);
  if (!act || name) {
    const fused = runFused('DiptychLinear', { x, weight, scale, bias, residual }, { activation: name });
    if (fused) return fused as T;
  }
  const y = bias && !scale ? fuse([x, weight, bias], sums) : fuse([x, weight], sums);
  return withEnds(y as T, scale && bias, { activation: act, scale, residual });
}

/**
 * Columns `from` to `end` of `activation(linear)`. The weight stays as it is where a kernel reads a part of it.
 */
export function linearColumns<T extends tf.Tensor>(
  { weight, bias }: ParamsOf<Projection> & Partial<ParamsOf<Linear>>,
  x: T,
  [from, end]: readonly [from: number, end: number],
  act?: Activation,
): T {
  const name = fusedName(act);
  if ((!act || name) && from % 8 === 0 && (end % 8 === 0 || end === weight.shape[1])) {
    const columns = [from, end] as const;
    const fused = runFused('DiptychLinear', { x, weight, bias }, { columns, activation: name });
    if (fused) return fused as T;
  }
  const part = { weight: tf.slice(weight, [0, from], [-1, end - from]) };
  const sliced = bias ? { ...part, bias: tf.slice(bias, [from], [end - from]) } : part;
  return linear(sliced, x, { activation: act });
}

/** `activation(sums · scale + bias) + residual` in plain operations. */
export function withEnds<T extends tf.Tensor>(
  sums: T,
  bias: tf.Tensor | undefined,
  { activation: act, scale, residual }: LinearOptions<T>,
): T {
  const shifted = plus(scale ? tf.mul<T>(sums, scale) : sums, bias);
  return plus(act ? act(shifted) : shifted, residual);
}

const sums: Fusable<readonly [tf.Tensor, tf.Tensor2D, ...tf.Tensor[]], tf.Tensor> = {
  plain(x, weight, bias) {
    const [inputs, outputs] = weight.shape;
    // Two axes keep the wasm backend on its fast path.
    const product = tf.matMul(tf.reshape<tf.Rank.R2>(x, [-1, inputs]), weight);
    return tf.reshape(plus(product, bias), [...x.shape.slice(0, -1), outputs]);
  },
  fused: (x, weight, bias) => runFused('DiptychLinear', { x, weight, bias }, {}),
  gradients: (dy, x, weight, bias) => runFusedAll('DiptychLinearGrad', { x, weight, dy }, {})?.slice(0, bias ? 3 : 2),
};

function plus<T extends tf.Tensor>(x: T, y: tf.Tensor | undefined): T {
  return y ? tf.add<T>(x, y) : x;
}

/**
 * The activation that configuration files call `name`: `quick_gelu`, `gelu`, `gelu_pytorch_tanh`, `gelu_new`, `silu`,
 * `swish`, `hardswish`, `hardsigmoid`, `relu`, `relu6` or `tanh`.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for any other name.
 */
export function activation(name: string): Activation {
  const found = activations.get(name);
  if (found) return found;
  const known = [...activations.keys()].join(', ');
  throw new EmbeddingError('CONFIG_INVALID', { where: 'activation', expected: `one of ${known}`, got: `'${name}'` });
}

/** Those that fused kernels know. */
const fused: Readonly<Record<FusedActivation, Activation>> = {
  quick_gelu: quickGelu,
  gelu,
  gelu_pytorch_tanh: geluTanh,
  relu: tf.relu,
  silu,
  relu6: tf.relu6,
  hardswish: hardSwish,
  hardsigmoid: hardSigmoid,
};

const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ...Object.entries(fused),
  ['gelu_new', geluTanh],
  ['swish', silu],
  ['tanh', tf.tanh],
]);

/** By which fused kernels know an activation; undefined for one that they do not. */
export function fusedName(act: Activation | undefined): FusedActivation | undefined {
  return act && fusedNames.get(act);
}

const fusedNames: ReadonlyMap<Activation, FusedActivation> = new Map(
  Object.entries(fused).map(([name, own]) => [own, name as FusedActivation]),
);
