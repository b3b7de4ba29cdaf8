import { type ImageBatch, seededRandom } from '@diptych/core';
import type { EmojiConfig } from '../src/config.ts';
import { textFeatures } from '../src/text-features.ts';
import type { Artwork } from './artwork.ts';
import { augment } from './augment.ts';
import type { Emoji } from './emoji-data.ts';
import type { Batch } from './objective.ts';
import { Words } from './words.ts';

type Random = () => number;

/** What is trained on. */
export interface TrainingData {
  readonly emoji: readonly Emoji[];
  /** Pictures of each emoji, in the styles of training. */
  readonly artworks: readonly (readonly Artwork[])[];
}

export interface BatchOptions {
  readonly seed: number;
  /** Batches of an epoch. */
  readonly steps: number;
  /** Texts of a batch without images. */
  readonly texts: number;
  /** Images of a batch, each with a text. */
  readonly images: number;
  /** Texts of a batch beside those of its images. */
  readonly moreTexts: number;
}

/** Neighbours in Unicode's order look alike; half of a batch are runs of so many. */
const run = 8;

/** Batches of one epoch, the same for the same seed and epoch: texts alone, or pictures of `size` pixels with texts. */
export type Batches = (epoch: number, size: number | undefined) => AsyncGenerator<Batch>;

export function batchesOf(
  { text: { buckets } }: EmojiConfig,
  { emoji, artworks }: TrainingData,
  { seed, steps, texts, images, moreTexts }: BatchOptions,
): Batches {
  const words = new Words(emoji);
  const tokens = textFeatures(buckets);
  const drawAny = (count: number, random: Random) =>
    Array.from({ length: count }, () => words.draw(below(emoji.length, random), alone, random));
  return async function* (epoch, size) {
    const random = seededRandom(seed * 100_003 + epoch);
    for (let step = 0; step < steps; step++) {
      const chosen = size === undefined ? [] : choose(emoji.length, images, random);
      const own = chosen.map((index) => words.drawApart(index, chosen, beside, random));
      const drawn = [...own, ...drawAny(size === undefined ? texts : moreTexts, random)];
      const pictures = chosen.map((index) => artworks[index]!);
      yield {
        texts: await tokens(drawn.map(({ text }) => text)),
        of: drawn.map(({ of }) => of),
        ...(size !== undefined && { images: imagesOf(pictures, size, random), emoji: chosen }),
      };
    }
  };
}

const alone = { english: 0.1, otherName: 0.6 };
const beside = { english: 0.4, otherName: 0.4 };

/** Different ones, half of them in runs. */
function choose(classes: number, count: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count / 2) chosen.add(below(classes, random));
  while (chosen.size < count) {
    const from = below(classes - run, random);
    for (let i = 0; i < run && chosen.size < count; i++) chosen.add(from + i);
  }
  return [...chosen];
}

function imagesOf(artworks: readonly (readonly Artwork[])[], size: number, random: Random): ImageBatch {
  const each = size * size * 3;
  const pixels = new Float32Array(artworks.length * each);
  artworks.forEach((styles, i) =>
    augment(styles[below(styles.length, random)]!, size, random, pixels.subarray(i * each, (i + 1) * each)),
  );
  return { pixels, shape: [artworks.length, size, size, 3] };
}

function below(count: number, random: Random): number {
  return Math.floor(random() * count);
}
