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
  const operation = tf.customGrad((...given) => {
    const save = given.at(-1) as tf.GradSaveFunc;
    const tensors = given.slice(0, -1) as unknown as X;
    const value = forward(...tensors);
    save([...tensors, value]);
    return {
      value,
      gradFunc: (dy, saved) => backward(dy as Y, saved.slice(0, -1) as unknown as X, saved.at(-1) as Y),
    };
  });
  return operation(...inputs) as Y;
}
