import { turn } from '@diptych/core';
import { captionRetrieval, type Metrics } from '@diptych/evaluation';
import * as tf from '@tensorflow/tfjs-core';
import type { CaptionSplit } from './caption-split.ts';
import type { DualTraining, Side } from './dual-batch.ts';
import { joinedRows } from './joined-rows.ts';
import { scoresBy } from './scores-by.ts';

const batchSize = 128;

/** Retrieval in both directions on a split, by the protocol of VSE++. */
export async function validate(
  { images, texts, similarity, settle }: DualTraining,
  { samples, captions, imageOf }: CaptionSplit,
  signal?: AbortSignal,
): Promise<Metrics> {
  settle?.();
  const imageRows = await rows(samples, images, signal);
  const textRows = await rows(captions, texts, signal);
  const scores = await scoresBy(similarity);
  return captionRetrieval(scores(imageRows, textRows), { imageOf, signal });
}

async function rows<T>(items: readonly T[], side: Side<T>, signal: AbortSignal | undefined) {
  const parts: Float32Array[] = [];
  for (let at = 0; at < items.length; at += batchSize) {
    await turn(signal);
    const loaded = await side.load(items.slice(at, at + batchSize), signal);
    const embeddings = tf.tidy(() => loaded('trained'));
    parts.push(embeddings.dataSync<'float32'>().slice());
    embeddings.dispose();
  }
  const values = parts.reduce((sum, part) => sum + part.length, 0);
  return joinedRows(parts, [items.length, values / items.length]);
}
