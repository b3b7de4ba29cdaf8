import {
  type Checkpoint,
  EmbeddingError,
  expectDtype,
  expectMembers,
  type StoredTensor,
  type TypedArray,
  type WeightType,
} from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Placement, storedShape } from '../spec/name-table.ts';
import { tensorOf, weightStore } from './weight-store.ts';
import type { Weight } from './weights.ts';

/** Order of the bytes of packed weights; another one cannot be read. */
const layout = '2';
const layoutKey = 'diptych.layout';
const typeKey = 'diptych.dtype';

/** The notes of a file of packed weights. */
export function packedNotes(dtype: WeightType): Readonly<Record<string, string>> {
  return { [layoutKey]: layout, [typeKey]: dtype };
}

/**
 * What the weights of a checkpoint are packed in, or undefined where they are not.
 *
 * @param wanted Type that was asked for, if any.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` for another layout; `CHECKPOINT_MISMATCH` for another type; `INPUT_INVALID`
 *   for one that there is not.
 */
export function packedType(checkpoint: Pick<Checkpoint, 'metadata'>, wanted?: WeightType): WeightType | undefined {
  const { metadata } = expectMembers(checkpoint, 'checkpoint');
  if (wanted !== undefined) expectDtype(wanted, 'dtype');
  const found = metadata?.get(layoutKey);
  if (found === undefined) return undefined;
  const dtype = (['float32', 'int16', 'int8'] as const).find((type) => type === metadata!.get(typeKey));
  if (found !== layout || !dtype) {
    throw new EmbeddingError('CHECKPOINT_INVALID', {
      where: 'packed weights',
      expected: `layout ${layout}`,
      got: `${found} of ${metadata!.get(typeKey)}`,
      cure: 'convert the model again',
    });
  }
  if (wanted && wanted !== dtype) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', { where: 'packed weights', expected: wanted, got: dtype });
  }
  return dtype;
}

/** What a file of packed weights holds of one parameter, which is on a backend with our kernels. */
export function packedTensor(placement: Placement, weight: Weight): StoredTensor {
  if (!(weight instanceof tf.Tensor)) return { shape: [weight.bytes], data: weight.stored };
  if (!placement.param.factor) return storedValues(placement, weight);
  const data = weightStore()?.bytesOf(weight).slice();
  if (!data) throw needsKernels('packed weights');
  return { shape: [data.length], data };
}

/** In the layout of the file that it came from. */
function storedValues(placement: Placement, weight: tf.Tensor): StoredTensor {
  const { axes } = placement;
  const back = axes?.map((_, axis) => axes.indexOf(axis));
  return {
    shape: storedShape(placement),
    data: taken(back ? tf.transpose(weight, back) : tf.clone(weight)),
  };
}

/** The values of a tensor that is of no use any more. `tidy` would look for tensors among them. */
function taken(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>().slice();
  tensor.dispose();
  return values;
}

/** A weight whose bytes are still to be written. */
export function packedFactor({ param: { shape }, path }: Placement, bytes: number, dtype: WeightType): tf.Tensor {
  const weight = weightStore()?.unwritten({ shape, dtype }, bytes);
  if (weight) return tensorOf(weight);
  throw needsKernels(`${path}: packed weights`);
}

function needsKernels(where: string): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', {
    where,
    expected: 'the kernels of the wasm backend',
    got: tf.getBackend(),
  });
}

/** Part of what a file holds of a packed parameter. */
export function packedBytes({ path }: Placement, values: TypedArray): Uint8Array {
  if (values instanceof Uint8Array) return values;
  throw new EmbeddingError('CHECKPOINT_INVALID', {
    where: path,
    expected: 'the bytes of a packed weight',
    got: 'other numbers',
  });
}

export function checkBytes({ path }: Placement, got: number, expected: number): void {
  if (got === expected) return;
  throw new EmbeddingError('CHECKPOINT_INVALID', { where: path, expected: `${expected} packed bytes`, got });
}
