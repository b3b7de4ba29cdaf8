import { expectFunction, expectList, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** `forward(x)` whose gradient is `backward(dy, x, y)` instead of what its operations would give. */
export function withGradient<X extends tf.Tensor, Y extends tf.Tensor>(
  x: X,
  forward: (x: X) => Y,
  backward: (dy: Y, x: X, y: Y) => tf.Tensor,
): Y {
  return withGradients([x], forward, (dy, [input], y) => [backward(dy, input, y)]);
}

/** The same for several inputs: `backward` gives one gradient for each. */
export function withGradients<X extends readonly [tf.Tensor, ...tf.Tensor[]], Y extends tf.Tensor>(
  inputs: X,
  forward: (...inputs: X) => Y,
  backward: (dy: Y, inputs: X, y: Y) => tf.Tensor[],
): Y {
  expectFunction(forward, 'forward');
  return customGradient(inputs, (save, ...given) => {
    const value = forward(...given);
    save([...given, value]);
    const gradFunc = (dy: Y, saved: readonly tf.Tensor[]) =>
      backward(dy, saved.slice(0, -1) as readonly tf.Tensor[] as X, saved.at(-1) as Y);
    return { value, gradFunc };
  });
}

/**
 * `tf.customGrad` of several inputs. Of what it hands over, as of what `tf.grads` does, tfjs says only that they are tensors:
 * in this file they get back the types that they were given with, and nowhere else.
 */
export function customGradient<X extends readonly [tf.Tensor, ...tf.Tensor[]], Y extends tf.Tensor>(
  inputs: X,
  run: (
    save: tf.GradSaveFunc,
    ...inputs: X
  ) => { value: Y; gradFunc: (dy: Y, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[] },
): Y {
  expectFunction(run, 'run');
  expectList(inputs, 'inputs');
  inputs.forEach((x) => expectMembers(x, 'input', 'shape'));
  const operation = tf.customGrad((...given) => {
    const tensors: readonly (tf.Tensor | tf.GradSaveFunc)[] = given.slice(0, -1);
    const { value, gradFunc } = run(given.at(-1) as tf.GradSaveFunc, ...(tensors as X));
    return { value, gradFunc: (dy, saved) => gradFunc(dy as Y, saved) };
  });
  return operation(...inputs) as Y;
}

/**
 * Gradients of `f` by each of its inputs, from `dy`.
 *
 * @param inputs Themselves, or as they were saved.
 */
export function gradientsOf<X extends readonly [tf.Tensor, ...tf.Tensor[]]>(
  f: (...inputs: X) => tf.Tensor,
  inputs: X | readonly tf.Tensor[],
  dy: tf.Tensor,
): tf.Tensor[] {
  return tf.grads((...given) => f(...(given as readonly tf.Tensor[] as X)))([...inputs], dy);
}
