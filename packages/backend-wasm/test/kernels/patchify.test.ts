import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

describeVariants('patchify', () => {
  it.each([
    [1, 4, 4, 3, 2],
    [2, 7, 5, 3, 3],
    [1, 2, 2, 1, 3],
    [3, 6, 4, 2, 1],
  ] as const)('%i images of %i by %i by %i in patches of %i', (n, height, width, channels, patch) => {
    const pixels = randomNumbers(9)(n * height * width * channels);
    const expected: number[] = [];
    const [rows, columns] = [Math.floor(height / patch), Math.floor(width / patch)];
    for (let at = 0; at < n * rows * columns * patch * patch * channels; at++) {
      const channel = at % channels;
      const x = Math.floor(at / channels) % patch;
      const y = Math.floor(at / (channels * patch)) % patch;
      const column = Math.floor(at / (channels * patch * patch)) % columns;
      const row = Math.floor(at / (channels * patch * patch * columns)) % rows;
      const item = Math.floor(at / (channels * patch * patch * columns * rows));
      const place = (item * height + row * patch + y) * width + column * patch + x;
      expected.push(pixels[place * channels + channel]!);
    }
    const got = valuesOf(() =>
      run('DiptychPatchify', { pixels: tf.tensor4d(pixels, [n, height, width, channels]) }, { patch }),
    );
    expect([...got]).toEqual(expected);
  });
});
