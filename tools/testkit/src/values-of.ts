import * as tf from '@tensorflow/tfjs-core';

/** What a forward pass gives, as host numbers; its tensors are freed. */
export async function valuesOf(forward: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(forward);
  try {
    return (await result.data()) as Float32Array;
  } finally {
    result.dispose();
  }
}
