import { expectMembers, type WeightType } from '@diptych/core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { LookupTable } from '../layers/gather-rows.ts';
import type { Initializer } from './initializer.ts';

/** One array of a layer: its shape as the layer uses it, how training starts it, how PyTorch files store it. */
export interface Param<S extends readonly number[] = readonly number[]> {
  readonly shape: S;
  readonly init: Initializer;
  /** Axes that turn PyTorch's layout into ours, as in `tf.transpose(stored, axes)`. Absent when they are the same. */
  readonly fromTorch?: readonly number[];
  /** Rows are looked up in it; see `lookup`. */
  readonly lookup?: true;
  /** Products multiply it, whose outputs are its last axis; see `factor`. */
  readonly factor?: true;
  /** A model in `int8` keeps it in `int16`; see `fine`. */
  readonly fine?: true;
  /** False for statistics, which no gradient moves. Absent means true. */
  readonly trainable?: boolean;
}

/** The arrays of a layer or a model, by name. A list holds repeated blocks. */
export type Spec = Param | SpecGroup | readonly Spec[];
export interface SpecGroup {
  readonly [name: string]: Spec;
}

type TensorOf<S extends readonly number[]> = number extends S['length']
  ? Tensor
  : { 0: Tensor; 1: Tensor1D; 2: Tensor2D; 3: Tensor3D; 4: Tensor4D }[S['length'] & (0 | 1 | 2 | 3 | 4)];

/** A table whose rows are looked up, never multiplied: it may be kept in integers. */
export type LookupParam = Param<readonly [rows: number, width: number]> & { readonly lookup: true };

/** The tensors that a spec describes, in the same tree. */
export type ParamsOf<S> = S extends LookupParam
  ? LookupTable
  : S extends Param<infer Shape>
    ? TensorOf<Shape>
    : S extends readonly (infer Item)[]
      ? readonly ParamsOf<Item>[]
      : { readonly [K in keyof S]: ParamsOf<S[K]> };

/** A parameter of the given shape. */
export function param<const S extends readonly number[]>(
  shape: S,
  init: Initializer,
  fromTorch?: readonly number[],
): Param<S> {
  return fromTorch ? { shape, init, fromTorch } : { shape, init };
}

/** A weight that rows over all axes but the last are multiplied by, so that it may be kept packed and in integers. */
export function factor<const S extends readonly number[]>(
  shape: S,
  init: Initializer,
  fromTorch?: readonly number[],
): Param<S> {
  return { ...param(shape, init, fromTorch), factor: true };
}

/**
 * A layer whose weights stay in `int16` where their model is in `int8`: few rows are multiplied by them, so that it costs
 * next to nothing, and all that comes out depends on them, as with the projection at the end of a tower.
 */
export function fine<S extends Readonly<Record<string, Param>>>(layer: S): S {
  for (const one of Object.values(expectMembers(layer, 'fine'))) expectMembers(one, 'fine: a parameter', 'shape');
  const entries = Object.entries(layer).map(([name, each]) => [name, each.factor ? { ...each, fine: true } : each]);
  return Object.fromEntries(entries) as S;
}

/** What a model in `dtype` keeps a parameter in. */
export function typeOf({ fine: isFine }: Param, dtype: WeightType): WeightType {
  return isFine && dtype === 'int8' ? 'int16' : dtype;
}

/** A table of `rows` vectors, for `gatherRows`. */
export function lookup(rows: number, width: number, init: Initializer): LookupParam {
  return { shape: [rows, width], init, lookup: true };
}

/** An array that training keeps up to date by itself, such as a running mean. */
export function statistic<const S extends readonly number[]>(shape: S, init: Initializer): Param<S> {
  return { shape, init, trainable: false };
}

export function isParam(spec: Spec): spec is Param {
  return !Array.isArray(spec) && Array.isArray((spec as Param).shape) && typeof (spec as Param).init === 'function';
}

/** Every parameter with its dotted path, as `blocks.3.norm1.weight`, in the order of the spec. */
export function* parameters(spec: Spec, path = ''): Generator<[path: string, param: Param]> {
  expectMembers(spec, path || 'spec');
  if (isParam(spec)) {
    yield [path, spec];
    return;
  }
  for (const [name, child] of Object.entries(spec)) yield* parameters(child, path ? `${path}.${name}` : name);
}

/** Whether a file of weights packed in `dtype` holds the bytes of a parameter rather than its values. */
export function isPacked({ factor: isFactor, lookup: isTable }: Param, dtype: WeightType): boolean {
  return isFactor === true || (isTable === true && dtype !== 'float32');
}
