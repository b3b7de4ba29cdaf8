import * as tf from '@tensorflow/tfjs-core';

/** A loss and its gradients by the name of the variable. */
export type Gradients = ReturnType<typeof tf.variableGrads>;

/** Reads them and frees them. */
export function gradientValues(found: Gradients): ReadonlyMap<string, Float32Array> {
  const values = new Map(Object.entries(found.grads).map(([name, grad]) => [name, grad.dataSync<'float32'>()]));
  tf.dispose([found.value, found.grads]);
  return values;
}

/** Largest difference between two gradients of the same names. */
export function largestDifference(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  let difference = 0;
  for (const [name, values] of a) {
    values.forEach((value, i) => (difference = Math.max(difference, Math.abs(value - b.get(name)![i]!))));
  }
  return difference;
}
