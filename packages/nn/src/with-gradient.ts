import * as tf from '@tensorflow/tfjs-core';

/** `forward(x)` whose gradient is `backward(dy, x, y)` instead of what its operations would give. */
export function withGradient<X extends tf.Tensor, Y extends tf.Tensor>(
  x: X,
  forward: (x: X) => Y,
  backward: (dy: Y, x: X, y: Y) => tf.Tensor,
): Y {
  const operation = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [X, tf.GradSaveFunc];
    const value = forward(input);
    save([input, value]);
    return { value, gradFunc: (dy, [savedX, savedY]) => backward(dy as Y, savedX as X, savedY as Y) };
  });
  return operation(x) as Y;
}
