import type { ImageBatch } from '@diptych/core';

/** Golden pixels `[n, channels, height, width]` as a batch, whose channels come last. */
export function pixelBatch(pixels: ArrayLike<number>, shape: readonly number[]): ImageBatch {
  const [n, channels, height, width] = shape as [number, number, number, number];
  const out = new Float32Array(pixels.length);
  for (let image = 0; image < n; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < height * width; at++) {
        const from = (image * channels + channel) * height * width + at;
        out[(image * height * width + at) * channels + channel] = pixels[from]!;
      }
    }
  }
  return { pixels: out, shape: [n, height, width, channels] };
}
