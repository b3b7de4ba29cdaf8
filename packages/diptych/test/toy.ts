import type { Encoder, ImageBatch, TextBatch } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import type { Image } from '@diptych/preprocessing';
import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, imageTower, open, type OpenOptions, textTower, type Tower } from '../src/index.ts';

/** A text is `[length, first character, 1]`, an image the mean of each channel; both times 1. */
export const toy: Architecture = {
  version: 1,
  name: 'toy',
  async open(files) {
    if (!(await files.open('toy'))) return undefined;
    const one = tf.tidy(() => tf.scalar(1));
    const scale = tf.variable(one);
    one.dispose();
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

export function openToy(options: OpenOptions = {}) {
  const files = blobFiles({ toy: new Blob([]) }, 'toy-model');
  return open(files, { architectures: [toy], ...options });
}

/** One image of one colour, 2 by 1 pixels. */
export function plain(red: number, green: number, blue: number): Image {
  return { data: Uint8Array.of(red, green, blue, red, green, blue), width: 2, height: 1, channels: 3 };
}

/** The toy, whose encoders say when they run. */
export function watched(onForward: (n: number) => void): Architecture {
  return {
    ...toy,
    async open(files, options) {
      const parts = await toy.open(files, options);
      const heard = <Item>({ encoder, ...tower }: Tower<Item>): Tower<Item> => ({
        ...tower,
        encoder: { ...encoder, forward: (batch) => (onForward(batch.shape[0]), encoder.forward(batch)) },
      });
      const { text, image } = parts!.towers;
      return { ...parts!, towers: { text: heard(text!), image: heard(image!) } };
    },
  };
}

function textBatch(texts: readonly string[]): TextBatch {
  const ids = Int32Array.from(texts.flatMap((text) => [text.length, text.codePointAt(0) ?? 0, 1]));
  return { ids, mask: new Int32Array(ids.length).fill(1), shape: [texts.length, 3] };
}

export function imageBatch(images: readonly Image[]): ImageBatch {
  return { pixels: Float32Array.from(images.flatMap(({ data }) => [...data])), shape: [images.length, 1, 2, 3] };
}
