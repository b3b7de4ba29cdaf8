import { turn } from '@diptych/core';
import { captionRetrieval, type Metrics } from '@diptych/evaluation';
import * as tf from '@tensorflow/tfjs-core';
import type { CaptionSplit } from './caption-split.ts';
import type { DualTraining } from './dual-training.ts';
import { scoresBy } from './scores-by.ts';

const batchSize = 128;

/** Retrieval in both directions on a split, by the protocol of VSE++. */
export async function validate(
  { text, images, tokenize, similarity }: DualTraining,
  { samples, captions, imageOf }: CaptionSplit,
  signal?: AbortSignal,
): Promise<Metrics> {
  const imageRows = await rows(samples, signal, async (part) => {
    const batch = await images.load(part, signal);
    return () => batch('trained');
  });
  const textRows = await rows(captions, signal, async (part) => {
    const batch = await tokenize.inTurns(part, signal);
    return () => text.forward(batch);
  });
  const scores = await scoresBy(similarity);
  return captionRetrieval(scores(imageRows, textRows), { imageOf, signal });
}

/** @param prepare What has to be awaited, before the tensors of a batch are made. */
async function rows<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  prepare: (part: readonly T[]) => Promise<() => tf.Tensor2D>,
) {
  const parts: Float32Array[] = [];
  for (let at = 0; at < items.length; at += batchSize) {
    await turn(signal);
    const forward = await prepare(items.slice(at, at + batchSize));
    const embeddings = tf.tidy(forward);
    parts.push(embeddings.dataSync<'float32'>().slice());
    embeddings.dispose();
  }
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, shape: [items.length, data.length / items.length] as const };
}
