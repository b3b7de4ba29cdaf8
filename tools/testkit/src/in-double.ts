import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs tensor code in double precision: tfjs's cpu backend keeps float32 values in whatever `Float32Array` names, and
 * computes with JavaScript's numbers. So the very code that ships is held against float64 references.
 *
 * @param body Synchronous; its tensors do not outlive it.
 */
export function inDouble<T>(body: () => T): T {
  const single = globalThis.Float32Array;
  const { platform } = tf.env();
  // Node's platform asks for the class itself, whatever the name stands for; a browser's for what the name stands for.
  const isTypedArray = platform.isTypedArray.bind(platform);
  Reflect.set(globalThis, 'Float32Array', Float64Array);
  platform.isTypedArray = (value): value is Float32Array =>
    value instanceof Float64Array || value instanceof single || isTypedArray(value);
  try {
    return body();
  } finally {
    globalThis.Float32Array = single;
    platform.isTypedArray = isTypedArray;
  }
}
