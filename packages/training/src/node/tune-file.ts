import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type ConfigReader, EmbeddingError, expectMembers } from '@diptych/core';
import { makeFolder, onDisk } from '@diptych/files/node';
import { type Recipe, recipeOf } from '../recipe.ts';
import { runCard } from '../run-card.ts';
import type { TrainedEpoch } from '../train-epochs.ts';
import type { Tunable } from '../tuning/tunable.ts';
import { tunedTraining } from '../tuning/tuned-training.ts';
import { tuningOf } from '../tuning/tuning.ts';
import { checkpoint } from './checkpoint.ts';
import { dataConfig } from './data-config.ts';
import { frozenImages } from './frozen-images.ts';
import { readConfig } from './read-config.ts';
import { runEpochs } from './run-epochs.ts';
import type { RunOptions } from './run-options.ts';
import { allSamples, expectLabels, readSplits } from './splits.ts';
import { variablesHash } from './variables-hash.ts';
import { writeAdapter } from './write-adapter.ts';
import { writeTuned } from './write-tuned.ts';

export interface TuneFileOptions extends RunOptions {
  /** As `openTrainable` of `diptych` gives it, to be disposed of by whoever opened it. Its variables are moved. */
  readonly from: Tunable;
}

/**
 * Trains a published model further as a file says, an epoch at a time, and writes it into a folder in the layout that it came
 * in: what `diptych train --from` does. States, curves and resuming are those of `trainFile`.
 *
 * @param path Of a JSON file; the README of `@diptych/cli` lists its fields.
 * @throws {EmbeddingError} As `trainFile`; `UNSUPPORTED` for a loss that compares rows otherwise than the model.
 */
export async function* tuneFile(path: string, options: TuneFileOptions): AsyncGenerator<TrainedEpoch, void, void> {
  expectMembers(options, 'tuneFile: options', 'output', 'from');
  const { from: base, resume = false, featureCache, signal, onProgress, onDamaged } = options;
  const { json, reader, folder: at } = await readConfig(path);
  const recipe = recipeOf(reader, 'tune');
  refuseScale(reader, base);
  const tuning = tuningOf(reader.object('tune'));
  reader.object('data').only('captions', 'images', 'train', 'validation', 'labels', 'augment', 'weight', 'more');
  const data = dataConfig(reader.object('data'), at);
  expectLabels(reader, recipe, data);
  const folder = resolve(options.output);
  await onDisk(folder, async () => makeFolder(folder));
  const { train, validation } = await readSplits(data, signal);
  const hash = await variablesHash(base.variables, signal);
  const states = await checkpoint(folder, { config: json, train, base: hash, resume, onDamaged });
  using training = tunedTraining({
    ...recipe,
    base,
    tuning,
    augment: data.augment,
    classes: train.labels?.names.length,
  });
  const layered: Recipe = { ...recipe, rule: training.layered(recipe.rule) };
  const samples = allSamples({ train, validation });
  const once = { featureCache, signal, onProgress: (done: number) => onProgress?.('features', done, samples.length) };
  const images = training.imagesStay && !data.augment ? await frozenImages(base, samples, once) : training.images;
  const run = { ...training, images };
  const history = yield* runEpochs(folder, run, {
    ...states,
    recipe: layered,
    train,
    validation,
    signal,
    onProgress,
  });
  const { lora } = tuning;
  const isAdapter = lora?.alone === true;
  if (isAdapter) await writeAdapter(folder, training, { lora, base: base.id });
  else await writeTuned(folder, training, base, signal);
  const card = runCard({ name: basename(folder), base: base.id, isAdapter, config: json, train, validation, history });
  await onDisk(folder, async () => writeFile(join(folder, 'TRAINING.md'), card));
}

/** @throws {EmbeddingError} `CONFIG_INVALID` for what the model knows better. */
function refuseScale(reader: ConfigReader, { variables }: Tunable): void {
  const loss = reader.object('loss');
  const given = [
    ['scale', 'logScale'],
    ['bias', 'bias'],
  ].find(([field, name]) => loss.has(field!) && variables.has(name!))?.[0];
  if (given === undefined) return;
  const expected = 'none, since the model has its own';
  throw new EmbeddingError('CONFIG_INVALID', { where: `${loss.where}: ${given}`, expected, got: loss.value(given) });
}
