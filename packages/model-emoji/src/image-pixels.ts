import type { ImageBatch, Preprocessor } from '@diptych/core';
import { flatten, type Image, imageProcessor } from '@diptych/preprocessing/image';

/** On white, in the middle of a square, at `size` by `size` pixels, in `[-1, 1]`. */
export function imagePixels(size: number): Preprocessor<Image, ImageBatch> {
  const process = imageProcessor({
    toRgb: 'before',
    resize: { mode: 'exact', width: size, height: size, filter: 'bicubic' },
    rescale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  });
  return (images, signal) => process(images.map(whiteSquare), signal);
}

function whiteSquare(image: Image): Image {
  const { data, width, height, channels } = flatten(image, [255, 255, 255]);
  if (width === height) return { data, width, height, channels };
  const side = Math.max(width, height);
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)];
  const square = new Uint8Array(side * side * 3).fill(255);
  for (let y = 0; y < height; y++) {
    square.set(data.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * side + left) * 3);
  }
  return { data: square, width: side, height: side, channels };
}
