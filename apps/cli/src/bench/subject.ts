import { type Embeddings, seededRandom } from '@diptych/core';
import type { Image } from '@diptych/preprocessing';
import type { EmbeddingSpace, EmbedOptions, Modality } from 'diptych';
import type { BenchOptions } from '../commands/bench.ts';
import type { Io } from '../io.ts';
import { imageSamples, textSamples } from './samples.ts';

/** What one modality is measured on. */
export interface Subject {
  readonly modality: Modality;
  /** Number of items. */
  readonly items: number;
  /** Rows of all items. */
  readonly all: (space: EmbeddingSpace, options: EmbedOptions) => Promise<Embeddings>;
  /** Rows of the first items, again as often as it takes to make one batch, with nothing left to read. */
  readonly batch: (space: Pick<EmbeddingSpace, 'embed'>, size: number) => Promise<Embeddings>;
}

/** What a model's modalities are measured on: what the user has, or what a seed makes. */
export function subjectsOf(
  modalities: readonly Modality[],
  { images, texts, batch }: Pick<BenchOptions, 'images' | 'texts' | 'batch'>,
  io: Io,
): Promise<Subject[]> {
  const make = {
    image: () => imageSubject(images, Math.max(...batch), io),
    text: () => textSubject(texts, io),
  };
  const asked = { image: images !== undefined, text: texts !== undefined };
  const wanted = (['image', 'text'] as const).filter((modality) => modalities.includes(modality) || asked[modality]);
  return Promise.all(wanted.map((modality) => make[modality]()));
}

/** Of decoded pixels: what is beyond is not decoded, and the first come again. */
const maxHeldBytes = 1 << 28;

async function imageSubject(operand: string | undefined, largest: number, io: Io): Promise<Subject> {
  const { decodeImage } = await import('@diptych/preprocessing/node');
  const items = await imageSamples(operand, seededRandom(1), io);
  const ready: Image[] = [];
  let held = 0;
  for (const item of items.slice(0, largest)) {
    const image = await decodeImage(item, { signal: io.signal });
    held += image.data.length;
    if (ready.length > 0 && held > maxHeldBytes) break;
    ready.push(image);
  }
  return {
    modality: 'image',
    items: items.length,
    all: (space, options) => space.embed('image', items, options),
    batch: (space, size) => space.embed('image', again(ready, size), { batchSize: size }),
  };
}

async function textSubject(file: string | undefined, io: Io): Promise<Subject> {
  const items = await textSamples(file, seededRandom(2), io);
  return {
    modality: 'text',
    items: items.length,
    all: (space, options) => space.embed('text', items, options),
    batch: (space, size) => space.embed('text', again(items, size), { batchSize: size }),
  };
}

function again<T>(items: readonly T[], size: number): T[] {
  return Array.from({ length: size }, (_, i) => items[i % items.length]!);
}
