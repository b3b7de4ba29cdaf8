import type { Sample } from '@diptych/datasets';
import { captionData } from '@diptych/datasets/node';
import { type ConfigReader, EmbeddingError } from '@diptych/core';
import { type CaptionSplit, captionSplit, mixedSplit } from '../caption-split.ts';
import type { DataConfig } from './data-config.ts';
import type { Recipe } from '../recipe.ts';

/** What a run learns from, and what it is judged on. */
export interface Splits {
  readonly train: CaptionSplit;
  readonly validation?: CaptionSplit | undefined;
}

export async function readSplits(
  { captions, images, train, validation, features, labels, mixed }: DataConfig,
  signal?: AbortSignal,
): Promise<Splits> {
  // Stored features need no images.
  const checkImages = !features;
  const read = async (split: string) => captionData(captions, { images, split, signal, checkImages });
  const first = await read(train);
  const sets = mixed && [{ samples: first, weight: mixed.weight }];
  for (const set of mixed?.more ?? []) {
    const samples = await captionData(set.captions, { images: set.images, split: set.train, signal, checkImages });
    sets!.push({ samples, weight: set.weight });
  }
  return {
    train: sets ? mixedSplit(sets, labels) : captionSplit(first, labels),
    ...(validation !== undefined && { validation: captionSplit(await read(validation)) }),
  };
}

/** Every image that a run reads. */
export function allSamples({ train, validation }: Splits): readonly Sample[] {
  return [...train.samples, ...(validation?.samples ?? [])];
}

/** @throws {EmbeddingError} `CONFIG_INVALID` for a loss that needs labels where the data have none. */
export function expectLabels(reader: ConfigReader, { loss }: Recipe, data: DataConfig): void {
  if (!loss.needsLabels || data.labels !== undefined) return;
  const kind = reader.object('loss').string('kind');
  const expected = `the name of a column, which the loss '${kind}' needs`;
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: data: labels`, expected, got: 'none' });
}
