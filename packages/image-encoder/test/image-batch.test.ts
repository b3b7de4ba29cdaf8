import type { ImageBatch } from '@diptych/core';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { checkPixels } from '../src/image-batch.ts';

const pixels = new Float32Array(12);
const good: ImageBatch = { pixels, shape: [1, 2, 2, 3] };
const none = { pixels: new Float32Array(0) };

it.each<[code: string, what: string, batch: Readonly<Record<string, unknown>>]>([
  ['SHAPE_MISMATCH', 'images without a pixel', { ...none, shape: [1, 0, 4, 3] }],
  ['SHAPE_MISMATCH', 'a billion of them', { ...none, shape: [1e9, 0, 0, 3] }],
  ['SHAPE_MISMATCH', 'sides below 0', { shape: [1, -2, -2, 3] }],
  ['SHAPE_MISMATCH', 'half a pixel', { shape: [1, 2.5, 1.6, 3] }],
  ['SHAPE_MISMATCH', 'no number', { ...none, shape: [1, NaN, 2, 3] }],
  ['SHAPE_MISMATCH', 'three sides', { shape: [2, 2, 3] }],
  ['SHAPE_MISMATCH', 'five sides', { shape: [1, 2, 2, 3, 1] }],
  ['INPUT_INVALID', 'bytes', { pixels: new Uint8Array(12) }],
  ['INPUT_INVALID', 'a plain list', { pixels: Array.from(pixels) }],
])('%s for %s', (code, _, batch) => {
  expect(() => checkPixels(given({ ...good, ...batch }))).toThrow(expect.objectContaining({ code }));
});

it('takes what fits', () => {
  expect(() => checkPixels(good)).not.toThrow();
});
