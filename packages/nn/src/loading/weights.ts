import { EmbeddingError, type TypedArray, type WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Placement, storedShape } from '../spec/name-table.ts';
import type { TableCodes } from './rounded-table.ts';
import { roundWeight } from './round-weight.ts';
import { tensorOf, weightStore } from './weight-store.ts';
import { type Param, typeOf } from '../spec/spec.ts';

/** What a model keeps of one parameter: what training moves, or what is in integers. */
export type Weight = tf.Tensor | TableCodes;

/** A parameter from a tensor of its values in the layout of the file, which is freed with what else it takes. */
export function weightOf(placement: Placement, stored: () => tf.Tensor, dtype: WeightType): Weight {
  const { param, axes } = placement;
  const turned = () => (axes ? tf.transpose(stored(), [...axes]) : stored());
  if (!param.factor) return variableOf(param, turned);
  const plain = () => (dtype === 'float32' ? turned() : roundedFactor(placement, stored(), dtype));
  return factorOf(param, () => (weightStore() ? packStored(placement, turned(), dtype)! : plain()), dtype);
}

/** Only a factor in float32 can be trained. */
export function factorOf(param: Param, value: () => tf.Tensor, dtype: WeightType): tf.Tensor {
  return dtype === 'float32' ? variableOf(param, value) : tf.tidy(value);
}

/** `tf.variable` keeps a reference of its own, so the value it was made from is freed here. */
export function variableOf({ trainable = true }: Param, value: () => tf.Tensor): tf.Variable {
  const start = tf.tidy(value);
  const variable = tf.variable(start, trainable);
  start.dispose();
  return variable;
}

/** Memory that it takes. */
export function bytesOf(weight: Weight, param: Param, dtype: WeightType): number {
  if (!(weight instanceof tf.Tensor)) return weight.bytes;
  return bytesEach(param, dtype) * weight.size;
}

/** Memory of one value of a parameter that is a tensor. */
export function bytesEach(param: Param, dtype: WeightType): number {
  if (!param.factor || !weightStore()) return 4;
  return { float32: 4, int16: 2, int8: 1 }[typeOf(param, dtype)];
}

/** Whether the file has a factor as `packStored` takes it: at most two axes trade places, the others have length 1. */
export function isStoredFlat(placement: Placement): boolean {
  return !placement.axes || isTurn(placement);
}

/** Packed from the layout of the file, with which `stored` begins; undefined where the backend has no kernel for that. */
export function packStored(placement: Placement, stored: tf.Tensor, dtype: WeightType): tf.Tensor | undefined {
  const asIs = !placement.axes || !isTurn(placement);
  const packed = weightStore()?.pack(stored, { shape: placement.param.shape, dtype, asIs });
  return packed && tensorOf(packed);
}

function isTurn(placement: Placement): boolean {
  const [, , ...window] = storedShape(placement);
  return window.every((size) => size === 1);
}

/** Rounded in JavaScript, where the values still are: a graphics card gives back what it has only later. */
function roundedFactor(
  { param, axes }: Placement,
  stored: tf.Tensor,
  dtype: Exclude<WeightType, 'float32'>,
): tf.Tensor {
  const shape = [...param.shape];
  const values = turnedValues(stored.dataSync<'float32'>(), stored.shape, axes ?? [...shape.keys()]);
  const [channels = 0, outputs = 0] = shape.slice(-2);
  return tf.tensor(roundWeight(values, [values.length / outputs || 0, outputs], dtype, channels), shape);
}

/** Row-major values with their axes in another order. */
function turnedValues(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const steps = tf.util.computeStrides([...shape, 1]);
  const out = new Float32Array(values.length);
  let to = 0;
  const walk = (at: number, from: number): void => {
    if (at === axes.length) out[to++] = values[from]!;
    else for (let i = 0; i < shape[axes[at]!]!; i++) walk(at + 1, from + i * steps[axes[at]!]!);
  };
  walk(0, 0);
  return out;
}

export function toFloat32(data: TypedArray, name: string): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', {
      where: name,
      expected: 'floating-point values',
      got: '64-bit integers',
    });
  }
  return Float32Array.from(data);
}
