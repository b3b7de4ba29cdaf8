import { linear, type Linear, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Rows and columns of fields whose mean colours are seen. */
export const grid = 16;

type Field = readonly [row: number, column: number];

/** Which of the fields make up each area. */
const inside: readonly ((field: Field) => boolean)[] = [
  ([row]) => row < 8,
  ([row]) => row >= 8,
  (field) => field.every((at) => at >= 4 && at < 12),
];

/** Parts of a photo, each with colours of its own: the upper half, the lower half, and the quarter in the middle. */
export const areas: number = inside.length;

/**
 * `ln(1 + share / floor)` of the shares that each colour has in each area.
 *
 * @param pixels `[n, size, size, 3]`, from -1 to 1; `size` a multiple of 16.
 * @param palette Of red, green and blue to the logits of the colours.
 * @returns `[n, areas * colours]`, an area after the other.
 */
export function coloursOf(pixels: tf.Tensor4D, palette: ParamsOf<Linear>, floor: number): tf.Tensor2D {
  const [n, size] = pixels.shape;
  const fields = tf.reshape<tf.Rank.R2>(tf.avgPool(pixels, size / grid, size / grid, 'valid'), [n * grid * grid, 3]);
  const shares = tf.softmax(linear(palette, fields));
  const means = tf.matMul(areaMeans(), tf.reshape<tf.Rank.R3>(shares, [n, grid * grid, -1]));
  return tf.reshape(tf.log(tf.add(tf.div(means, floor), 1)), [n, -1]);
}

/** `[1, areas, fields]`: multiplied by fields it gives the mean of each area. */
function areaMeans(): tf.Tensor3D {
  const fields = Array.from({ length: grid * grid }, (_, i): Field => [Math.floor(i / grid), i % grid]);
  const rows = inside.map((within) => {
    const own = fields.map((field) => Number(within(field)));
    const count = own.reduce((sum, one) => sum + one, 0);
    return own.map((one) => one / count);
  });
  return tf.tensor3d([rows]);
}
