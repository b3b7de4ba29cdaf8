import type { Image } from './image.ts';

/** Stored pixels to upright pixels. `orientation` counts as EXIF does: 1 upright, 3 upside down, 6 and 8 on a side. */
export function orient(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const { data, channels } = image;
  const [width, height] = orientation > 4 ? [image.height, image.width] : [image.width, image.height];
  const { origin, right, down } = steps(image.width, image.height, orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (origin + x * right + y * down) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return { ...image, data: out, width, height };
}

/** Stored index of the upright top left pixel, and how it moves one pixel right and one down. */
function steps(width: number, height: number, orientation: number): { origin: number; right: number; down: number } {
  const [topRight, bottomLeft, bottomRight] = [width - 1, (height - 1) * width, height * width - 1];
  const table = [
    [0, 1, width],
    [topRight, -1, width],
    [bottomRight, -1, -width],
    [bottomLeft, 1, -width],
    [0, width, 1],
    [bottomLeft, -width, 1],
    [bottomRight, -width, -1],
    [topRight, width, -1],
  ] as const;
  const [origin, right, down] = table[orientation - 1] ?? table[0];
  return { origin, right, down };
}
