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
  const { param } = placement;
  const turned = () => (placement.axes ? tf.transpose(stored(), [...placement.axes]) : stored());
  return param.factor
    ? factorOf(param, () => factorFrom(placement, turned(), dtype), dtype)
    : variableOf(param, turned);
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

/** One that the file has flat comes here only where the backend has no kernel to pack it. */
function factorFrom(placement: Placement, weight: tf.Tensor, dtype: WeightType): tf.Tensor {
  return packStored(placement, weight, dtype) ?? plainFactor(weight, dtype);
}

function isTurn(placement: Placement): boolean {
  const [, , ...window] = storedShape(placement);
  return window.every((size) => size === 1);
}

function plainFactor(weight: tf.Tensor, dtype: WeightType): tf.Tensor {
  if (dtype === 'float32') return weight;
  const [channels = 0, outputs = 0] = weight.shape.slice(-2);
  const rounded = roundWeight(weight.dataSync<'float32'>(), [weight.size / outputs || 0, outputs], dtype, channels);
  return tf.tensor(rounded, weight.shape);
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
