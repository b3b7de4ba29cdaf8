import type { Image, Window } from './image.ts';

/** The pixels of `window` in `image` scaled to `width` by `height` without mixing, at Pillow's sample positions. */
export function nearest(
  { data, width, height, channels }: Image,
  target: { readonly width: number; readonly height: number },
  window: Window,
): Uint8Array {
  const columns = positions(width, target.width, window.left, window.width);
  const rows = positions(height, target.height, window.top, window.height);
  const out = new Uint8Array(window.width * window.height * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return out;
}

function positions(size: number, outSize: number, from: number, count: number): Int32Array {
  const step = size / outSize;
  const found = new Int32Array(count);
  // Added up, not multiplied: Pillow's rounding decides ties.
  let position = step / 2;
  for (let i = 0; i < from; i++) position += step;
  for (let i = 0; i < count; i++, position += step) found[i] = Math.min(size - 1, Math.trunc(position));
  return found;
}
