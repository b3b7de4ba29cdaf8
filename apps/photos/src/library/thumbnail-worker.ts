import { decodeImage } from '@diptych/preprocessing/image';

/** What is asked: a picture. */
export interface Asked {
  readonly call: number;
  readonly file: Blob;
}

/** Small, and the size of the whole in pixels; or why there is none. */
export type Answered = { readonly call: number } & (
  | { readonly thumbnail: Blob; readonly width: number; readonly height: number }
  | { readonly problem: string }
);

/** Longer side of a thumbnail, in pixels: sharp at twice the tiles' width. */
const side = 400;

globalThis.addEventListener('message', ({ data }: MessageEvent<Asked>) => void answer(data));

async function answer({ call, file }: Asked): Promise<void> {
  try {
    globalThis.postMessage({ call, ...(await small(file)) } satisfies Answered);
  } catch (error) {
    globalThis.postMessage({ call, problem: String(error) } satisfies Answered);
  }
}

async function small(file: Blob): Promise<{ thumbnail: Blob; width: number; height: number }> {
  const bitmap = await createImageBitmap(file).catch(async () => decoded(file));
  try {
    const { width, height } = bitmap;
    const scale = Math.min(1, side / Math.max(width, height));
    const size = [width, height].map((length) => Math.max(1, Math.round(length * scale))) as [number, number];
    const canvas = new OffscreenCanvas(...size);
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, ...size);
    return { thumbnail: await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 }), width, height };
  } finally {
    bitmap.close();
  }
}

/** Of formats that browsers do not have, as TIFF. */
async function decoded(file: Blob): Promise<ImageBitmap> {
  const { data, width, height, channels } = await decodeImage(file);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const isGrey = channels < 3;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (isGrey ? 0 : c)]!;
    if (channels === 2 || channels === 4) rgba[i * 4 + 3] = data[(i + 1) * channels - 1]!;
  }
  return createImageBitmap(new ImageData(rgba, width, height));
}
