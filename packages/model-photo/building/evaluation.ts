import { join } from 'node:path';
import { inSplit, jsonLines, type Sample } from '@diptych/datasets';
import {
  averagePrecisionAt,
  captionRetrieval,
  cosineScores,
  type Metrics,
  rankDocuments,
  zeroShot,
} from '@diptych/evaluation';
import { directory } from '@diptych/files/node';
import type { EmbeddingSpace } from 'diptych';
import { cocoObjects } from './coco-objects.ts';

/** 1,000 photos and 5,000 captions of Flickr8k's test split. `data` is the folder of data sets. */
export async function evaluateFlickr(space: EmbeddingSpace, data: string): Promise<Metrics> {
  const folder = directory(join(data, 'flickr8k'));
  const columns = { image: pathOf };
  const samples = inSplit(jsonLines(folder, 'captions.jsonl', { columns }), 'test');
  return (await captioned(space, await listOf(samples))).metrics;
}

export interface CocoEvaluation {
  readonly captions: Metrics;
  /** Of the 80 kinds of objects those that a caption names. */
  readonly objects: number;
  /** Of their words against the photos whose captions name them: mean over words, divided by `min(R, 10)`. */
  readonly map10: number;
}

/** All 159 photos of `coco_mini`, by captions and by words for objects. */
export async function evaluateCoco(space: EmbeddingSpace, data: string): Promise<CocoEvaluation> {
  const folder = directory(join(data, 'coco_mini'));
  const samples = await listOf(jsonLines(folder, 'captions.jsonl', { columns: { image: pathOf } }));
  const { images, metrics } = await captioned(space, samples);
  const said = samples.map(({ captions }) => captions.join('\n').toLowerCase());
  const named = cocoObjects
    .map((word) => ({ word, photos: photosThatName(word, said) }))
    .filter(({ photos }) => photos.length > 0);
  const words = await space.embed(
    'text',
    named.map(({ word }) => word),
  );
  const rankings = await rankDocuments(
    cosineScores(words, images),
    named.map(({ photos }) => photos),
    { depth: 10 },
  );
  const sum = rankings.reduce((total, ranking) => total + averagePrecisionAt(ranking, 10), 0);
  return { captions: metrics, objects: named.length, map10: sum / named.length };
}

/** The share of 3,670 photos of five kinds of flowers whose kind is the nearest of the five words. */
export async function evaluateFlowers(space: EmbeddingSpace, data: string): Promise<number> {
  const folder = directory(join(data, 'flowers'));
  const columns = { image: pathOf, captions: 'label' };
  const samples = await listOf(jsonLines(folder, 'labels.jsonl', { columns }));
  const classes = [...new Set(samples.map(({ captions }) => captions[0]!))].toSorted();
  const labels = samples.map(({ captions }) => classes.indexOf(captions[0]!));
  const images = samples.map(({ id }) => join(data, 'flowers', id));
  const metrics = await zeroShot({ images, labels, classes }, space, { templates: ['{}'] });
  return metrics['acc1']!;
}

async function captioned(space: EmbeddingSpace, samples: readonly Sample[]) {
  const images = await space.embed('image', await Promise.all(samples.map(({ image }) => image())));
  const captions = await space.embed(
    'text',
    samples.flatMap((sample) => sample.captions),
  );
  const imageOf = samples.flatMap((sample, i) => sample.captions.map(() => i));
  return { images, metrics: await captionRetrieval(cosineScores(images, captions), { imageOf }) };
}

/** By itself or with an s. */
function photosThatName(word: string, said: readonly string[]): number[] {
  const named = new RegExp(String.raw`\b${word}(?:e?s)?\b`);
  return said.flatMap((text, i) => (named.test(text) ? [i] : []));
}

function pathOf({ image }: Readonly<Record<string, unknown>>): string {
  return `images/${String(image)}`;
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
