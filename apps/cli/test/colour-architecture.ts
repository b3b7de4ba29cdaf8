import { appendFileSync } from 'node:fs';
import { EmbeddingError, type Encoder, type ImageBatch, type Preprocessor, type TextBatch } from '@diptych/core';
import type { Image } from '@diptych/preprocessing';
import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, imageTower, textTower } from 'diptych';

const words: Readonly<Record<string, readonly number[]>> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
};

/**
 * A space of colours: an image is its mean, a text its last word. An image one pixel wide is refused.
 *
 * The file `COLOUR_LOG` gets a line for each image. After `COLOUR_HANG_AFTER` of them the next one never ends, until it
 * is aborted, and `hanging` goes to stderr once. A batch computes for `COLOUR_BUSY` milliseconds, and `busy` goes to
 * stderr.
 */
export const colour: Architecture = {
  version: 1,
  name: 'colour',
  async open(files) {
    const source = await files.open('colour.txt');
    if (!source) return undefined;
    const size = source.size;
    const scale = tf.tidy(() => tf.variable(tf.tensor1d([1, 1, 1 + size])));
    const text: Encoder<TextBatch> = {
      dim: 3,
      variables: [scale],
      forward: ({ ids, shape }) => tf.mul(tf.tensor2d(ids, [...shape], 'float32'), scale),
    };
    const image: Encoder<ImageBatch> = {
      dim: 3,
      variables: [scale],
      forward: ({ pixels, shape }) => tf.mul(tf.mean(tf.tensor4d(pixels, [...shape]), [1, 2]), scale),
    };
    return {
      towers: {
        text: textTower({ encoder: text, preprocess: textBatch }),
        image: imageTower({ encoder: image, preprocess: imageBatch }),
      },
      logitScale: 10,
      [Symbol.dispose]: () => scale.dispose(),
    };
  },
};

function textBatch(texts: readonly string[]): TextBatch {
  compute();
  const ids = Int32Array.from(texts.flatMap((text) => words[text.split(' ').at(-1)!] ?? [1, 1, 1]));
  return { ids, mask: new Int32Array(ids.length).fill(1), shape: [texts.length, 3] };
}

function compute(): void {
  const { COLOUR_BUSY: busy } = process.env;
  if (!busy) return;
  process.stderr.write('busy\n');
  for (const end = performance.now() + Number(busy); performance.now() < end;);
}

let seen = 0;

const imageBatch: Preprocessor<Image, ImageBatch> = async (images, signal) => {
  const { COLOUR_LOG: log, COLOUR_HANG_AFTER: hangAfter = Infinity } = process.env;
  if (images.some(({ width }) => width === 1))
    throw new EmbeddingError('IMAGE_INVALID', { where: 'image', expected: 'two pixels', got: 'one' });
  compute();
  seen += images.length;
  if (seen > Number(hangAfter)) await untilAborted(signal);
  if (log) appendFileSync(log, 'image\n'.repeat(images.length));
  return { pixels: Float32Array.from(images.flatMap(mean)), shape: [images.length, 1, 1, 3] };
};

function mean({ data, width, height }: Image): number[] {
  const sums = [0, 0, 0];
  data.forEach((value, i) => (sums[i % 3]! += value));
  return sums.map((sum) => sum / width / height);
}

let hanging = false;

function untilAborted(signal?: AbortSignal): Promise<never> {
  // The batch that is prepared ahead may hang too. What was read before is computed meanwhile.
  if (!hanging) setTimeout(() => process.stderr.write('hanging\n'), 1000);
  hanging = true;
  return new Promise((_, reject) => {
    const alive = setInterval(() => {}, 1000);
    signal?.addEventListener('abort', () => {
      clearInterval(alive);
      reject(signal.reason as Error);
    });
  });
}
