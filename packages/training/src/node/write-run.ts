import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochRecord } from '@diptych/alignment';
import { encodeSafetensors } from '@diptych/checkpoint';
import type { Json } from '@diptych/core';
import { svg } from '@diptych/evaluation/report';
import { beside } from '@diptych/files/node';
import type { WordVocabulary } from '@diptych/preprocessing';
import type { DualTraining } from '../dual-batch.ts';
import { epochFacts } from '../epoch-facts.ts';
import { modelArrays } from '../model-arrays.ts';
import { trainingPlots } from '../training-plots.ts';

export interface TrainedModel {
  /** What its `config.json` says. */
  readonly config: Json;
  readonly vocabulary: WordVocabulary;
  /** Of the model, in Markdown. */
  readonly card: string;
  /** Folder of the network in front of a head over features, which is copied. */
  readonly backbone?: string | undefined;
}

/** A folder that `open` of `diptych` opens. */
export async function writeModel(
  folder: string,
  training: DualTraining,
  { config, vocabulary, card, backbone }: TrainedModel,
): Promise<void> {
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'README.md'), card);
    await writeFile(join(partial, 'vocab.json'), `${JSON.stringify(vocabulary)}\n`);
    if (backbone !== undefined && !existsSync(join(folder, 'backbone'))) {
      await cp(backbone, join(partial, 'backbone'), { recursive: true, dereference: true });
    }
    const weights = encodeSafetensors(modelArrays(training), { format: 'diptych' });
    await writeFile(join(partial, 'model.safetensors'), weights);
    await writeFile(join(partial, 'config.json'), `${JSON.stringify(config)}\n`);
  });
}

/** `metrics.json` and a curve each in SVG. */
export async function writeCurves(folder: string, history: readonly EpochRecord[]): Promise<void> {
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'metrics.json'), `${JSON.stringify(history.map(epochFacts))}\n`);
    for (const [name, plot] of Object.entries(trainingPlots(history))) {
      await writeFile(join(partial, `${name}.svg`), svg(plot));
    }
  });
}
