import type { ImageBatch, StoredTensor, TextBatch } from '@diptych/core';

/** Golden pixels `[n, channels, height, width]`, as PyTorch has them, as a batch, whose channels come last. */
export function imageBatch({ shape, data }: StoredTensor): ImageBatch {
  const [n, channels, height, width] = shape as [number, number, number, number];
  const pixels = new Float32Array(data.length);
  for (let image = 0; image < n; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < height * width; at++) {
        const from = (image * channels + channel) * height * width + at;
        pixels[(image * height * width + at) * channels + channel] = Number(data[from]);
      }
    }
  }
  return { pixels, shape: [n, height, width, channels] };
}

/** Golden ids `[n, length]` as a batch without padding. */
export function textBatch({ shape, data }: StoredTensor): TextBatch {
  const ids = Int32Array.from(data as ArrayLike<number | bigint>, Number);
  return { ids, mask: new Int32Array(ids.length).fill(1), shape: shape as [number, number] };
}
