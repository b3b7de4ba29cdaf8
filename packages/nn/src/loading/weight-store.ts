import { type WeightStore, weightStoreOf } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** Where the current backend keeps packed weights, if it does. */
export function weightStore(): WeightStore | undefined {
  return weightStoreOf(tf.backend());
}

/** What the store gives, as a tensor. */
export function tensorOf(data: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(data);
}

/** A tensor whose values are still to be written, where there is a store. */
export function roomFor(shape: readonly number[]): tf.Tensor {
  return tensorOf(weightStore()!.room(shape));
}
