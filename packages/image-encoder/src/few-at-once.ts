import type { ImageBatch } from '@diptych/core';
import { batchNorm } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { ConvNetOptions } from './conv-unit.ts';
import { checkPixels } from './image-batch.ts';

/** Ten images of 224 pixels: enough for products of full speed, and the largest maps of VGG take 130 MB then. */
const pixelsAtOnce = 10 * 224 * 224;

/**
 * The rows of a network of convolutions, a few images at once, since its feature maps are large where its rows are small.
 * The numbers are those of one pass. There is one where a gradient is recorded or a norm looks at the whole batch.
 *
 * @throws {EmbeddingError} as `pixelsOf` does.
 */
export function fewAtOnce(
  batch: ImageBatch,
  forward: (batch: ImageBatch) => tf.Tensor2D,
  { normalize = batchNorm }: ConvNetOptions = {},
): tf.Tensor2D {
  const [n, height, width, channels] = batch.shape;
  const most = Math.max(1, Math.floor(pixelsAtOnce / (height * width)));
  if (n <= most || normalize !== batchNorm || tf.engine().isTapeOn()) return forward(batch);
  checkPixels(batch);
  const count = Math.ceil(n / most);
  const edge = (i: number) => Math.floor((i * n) / count);
  const size = height * width * channels;
  const rows = Array.from({ length: count }, (_, i) => {
    const pixels = batch.pixels.subarray(edge(i) * size, edge(i + 1) * size);
    return tf.tidy(() => forward({ pixels, shape: [edge(i + 1) - edge(i), height, width, channels] }));
  });
  return tf.concat(rows);
}
