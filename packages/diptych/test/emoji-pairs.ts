import type { ImageBatch, TextBatch } from '@diptych/core';
import { goldenBytes, goldenText } from '@diptych/golden';
import { decodeImage, imageProcessor } from '@diptych/preprocessing';

/** Pictures and their English names, row by row. */
export interface EmojiPairs {
  readonly images: ImageBatch;
  readonly texts: TextBatch;
}

interface Line {
  readonly labels: { readonly en: string };
  readonly images: { readonly noto: string };
}

const size = 32;
export const contextLength = 24;
/** Bytes, and the end mark, which is the highest. */
export const vocabSize = 257;

/** Every `step`-th emoji, `count` of them. */
export async function emojiPairs(count: number, step: number): Promise<EmojiPairs> {
  const lines = (await goldenText('data/emoji/annotations.jsonl')).split('\n');
  const chosen = Array.from({ length: count }, (_, i) => JSON.parse(lines[i * step]!) as Line);
  const process = imageProcessor({
    toRgb: 'before',
    resize: { mode: 'exact', width: size, height: size, filter: 'bilinear' },
    rescale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  });
  const pictures = chosen.map(async ({ images }) =>
    decodeImage(await goldenBytes(`data/emoji/${images.noto}`), { background: [255, 255, 255] }),
  );
  return { images: await process(await Promise.all(pictures)), texts: bytesOf(chosen.map(({ labels }) => labels.en)) };
}

function bytesOf(texts: readonly string[]): TextBatch {
  const ids = new Int32Array(texts.length * contextLength);
  texts.forEach((text, i) => {
    const bytes = new TextEncoder().encode(text).subarray(0, contextLength - 1);
    ids.set([...bytes, vocabSize - 1], i * contextLength);
  });
  return { ids, mask: new Int32Array(ids.length).fill(1), shape: [texts.length, contextLength] };
}

/** The pairs from `start` to before `end`. */
export function pairsWithin({ images, texts }: EmojiPairs, start: number, end: number): EmojiPairs {
  const pixels = size * size * 3;
  const cut = (values: Int32Array) => values.slice(start * contextLength, end * contextLength);
  return {
    images: { pixels: images.pixels.slice(start * pixels, end * pixels), shape: [end - start, size, size, 3] },
    texts: { ids: cut(texts.ids), mask: cut(texts.mask), shape: [end - start, contextLength] },
  };
}
