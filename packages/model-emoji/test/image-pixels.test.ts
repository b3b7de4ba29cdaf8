import type { Image } from '@diptych/preprocessing';
import { expect, it } from 'vitest';
import { imagePixels } from '../src/image-pixels.ts';

const pixels = imagePixels(4);

function filled(width: number, height: number, colour: readonly number[]): Image {
  const data = Uint8Array.from({ length: width * height * colour.length }, (_, i) => colour[i % colour.length]!);
  return { data, width, height, channels: colour.length as Image['channels'] };
}

it('transparent pixels are white, opaque black is -1', async () => {
  const batch = await pixels([filled(4, 4, [0, 0, 0, 0]), filled(8, 8, [0, 0, 0])]);
  expect(batch.shape).toEqual([2, 4, 4, 3]);
  expect(new Set(batch.pixels.subarray(0, 48))).toEqual(new Set([1]));
  expect(new Set(batch.pixels.subarray(48))).toEqual(new Set([-1]));
});

it('a wide picture keeps its ratio, white above and below it', async () => {
  const { pixels: values } = await pixels([filled(4, 2, [0, 0, 0])]);
  expect(Array.from({ length: 4 }, (_, row) => values[row * 12])).toEqual([1, -1, -1, 1]);
});

it('a tall picture keeps its ratio, white beside it', async () => {
  const { pixels: values } = await pixels([filled(2, 4, [0, 0, 0])]);
  expect(Array.from({ length: 4 }, (_, column) => values[column * 3])).toEqual([1, -1, -1, 1]);
});
