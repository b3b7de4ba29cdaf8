import { createEmbedder, type Embedder } from 'diptych/worker';
import pictures from 'virtual:pictures';

/** What the playground shows. */
export interface Shown {
  readonly name: string;
  /** Address of the picture. */
  readonly url: string;
  readonly row: Float32Array;
}

/** Half of the side of a picture for a model, in pixels. */
const side = 48;

/** A model in a worker. */
export function startModel(model: 'emoji' | 'photo'): Promise<Embedder> {
  const worker = new Worker(new URL('./embedder.ts', import.meta.url), { type: 'module' });
  return createEmbedder({ model, worker });
}

/** Pictures that come along, as files. */
export function samples(): File[] {
  return pictures.map(({ name, svg }) => new File([svg], name, { type: 'image/svg+xml' }));
}

/** Rows of pictures, each as soon as it is there. */
export async function* embedded(embedder: Embedder, files: readonly File[]): AsyncGenerator<Shown> {
  const urls = files.map((file) => URL.createObjectURL(file));
  let at = 0;
  for await (const { data, shape } of embedder.stream('image', drawn(urls), { batchSize: 6 })) {
    for (let i = 0; i < shape[0]; i++, at++) {
      yield { name: files[at]!.name, url: urls[at]!, row: data.slice(i * shape[1], (i + 1) * shape[1]) };
    }
  }
}

async function* drawn(urls: readonly string[]): AsyncGenerator<ImageData> {
  for (const url of urls) yield await pixels(url);
}

async function pixels(url: string): Promise<ImageData> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const [width, height] = [image.naturalWidth || side, image.naturalHeight || side];
  const scale = Math.max(1, (2 * side) / Math.min(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Cosines, since rows have length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
