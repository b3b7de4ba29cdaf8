import { type Checkpoint, EmbeddingError, type StoredTensor, type WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { hasFused, runFused } from './fused.ts';
import { type Placement, storedShape } from './name-table.ts';
import { type TableCodes, roundedTable, roundTable } from './rounded-table.ts';
import { roundWeight } from './round-weight.ts';
import type { Param } from './spec.ts';

/** What a model keeps of one parameter: what training moves, or what is in integers. */
export type Weight = tf.Tensor | ReturnType<typeof roundedTable>;

/** Reads the arrays of one parameter. */
export function readParts({ from }: Placement, checkpoint: Checkpoint, signal?: AbortSignal): Promise<StoredTensor[]> {
  return Promise.all(from.map((name) => checkpoint.read(name, signal)));
}

/** A parameter from the arrays of a file. */
export function weightOf(placement: Placement, parts: readonly StoredTensor[], dtype: WeightType): Weight {
  const { param } = placement;
  const values = valuesOf(placement, parts);
  if (param.lookup && dtype !== 'float32') {
    return roundedTable(roundTable(values, param.shape as TableCodes['shape'], dtype));
  }
  if (!param.factor) return variableOf(param, () => turned(placement, values));
  const packed = () => packedFactor(placement, values, dtype) ?? plainFactor(placement, values, dtype);
  return dtype === 'float32' ? variableOf(param, packed) : tf.tidy(packed);
}

/** All of a parameter's values, in the layout of the file. */
export function valuesOf({ from }: Placement, parts: readonly StoredTensor[]): Float32Array {
  return concat(parts.map((part, i) => toFloat32(part, from[i]!)));
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
  const each = param.factor && dtype !== 'float32' && hasFused('DiptychPackWeight') ? bytesEach[dtype] : 4;
  return each * weight.size;
}

const bytesEach = { int16: 2, int8: 1 } as const;

/** Packed from the layout of the file, where the backend has kernels for that. */
function packedFactor(placement: Placement, values: Float32Array, dtype: WeightType): tf.Tensor | undefined {
  if (!hasFused('DiptychPackWeight')) return undefined;
  const { shape } = placement.param;
  const outputs = shape.at(-1)!;
  const [inputs, turns] = [values.length / outputs || 0, placement.axes && isTurn(storedShape(placement))];
  const stored = turns
    ? tf.tensor2d(values, [outputs, inputs])
    : tf.reshape(turned(placement, values), [inputs, outputs]);
  return runFused('DiptychPackWeight', { stored }, { shape, dtype, asIs: !turns });
}

/** Whether outputs come first and nothing else moves: all other axes but the inputs have length 1. */
function isTurn([, , ...window]: readonly number[]): boolean {
  return window.every((size) => size === 1);
}

function plainFactor(placement: Placement, values: Float32Array, dtype: WeightType): tf.Tensor {
  const weight = turned(placement, values);
  if (dtype === 'float32') return weight;
  const outputs = weight.shape.at(-1)!;
  const rounded = roundWeight(weight.dataSync<'float32'>(), [weight.size / outputs || 0, outputs], dtype);
  return tf.tensor(rounded, weight.shape);
}

function turned(placement: Placement, values: Float32Array): tf.Tensor {
  const stored = tf.tensor(values, [...storedShape(placement)]);
  return placement.axes ? tf.transpose(stored, [...placement.axes]) : stored;
}

function toFloat32({ data }: StoredTensor, name: string): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', `${name}: expected floating-point values, got 64-bit integers`);
  }
  return Float32Array.from(data);
}

function concat(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
