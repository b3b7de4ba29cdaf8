import { basename, resolve } from 'node:path';
import { EmbeddingError, expectMembers, type Json } from '@diptych/core';
import { makeFolder, onDisk } from '@diptych/files/node';
import { captionVocabulary, type WordVocabulary } from '@diptych/preprocessing';
import { backboneFeatures } from '../backbone-features.ts';
import type { DualPlan } from '../dual-plan.ts';
import { dualTraining } from '../dual-training.ts';
import type { OpenEmbedder } from '../embedder.ts';
import type { LossPlan } from '../losses/loss-plan.ts';
import type { NamedRows } from '../named-rows.ts';
import { recipeOf } from '../recipe.ts';
import { requireWords } from '../require-words.ts';
import { runCard } from '../run-card.ts';
import type { TrainedEpoch } from '../train-epochs.ts';
import { cachedOpen } from './cached-embedder.ts';
import { checkpoint } from './checkpoint.ts';
import { type DataConfig, dataConfig } from './data-config.ts';
import { type ModelConfig, modelConfig } from './model-config.ts';
import { readConfig } from './read-config.ts';
import { runEpochs } from './run-epochs.ts';
import type { RunOptions } from './run-options.ts';
import { allSamples, expectLabels, readSplits, type Splits } from './splits.ts';
import { storedFeatures } from './stored-features.ts';
import { writeModel } from './write-run.ts';

export interface TrainFileOptions extends RunOptions {
  /** What the towers are of a model's `config.json`, as `dualEncoderPlan` of `diptych`. */
  readonly plan: (config: Json, where: string) => DualPlan;
  /** What a `backbone` is opened by, as `open` of `diptych`. */
  readonly open: OpenEmbedder;
}

/**
 * Trains two towers as a file says, an epoch at a time, and writes the model, its states and its curves into a folder: what
 * `diptych train` does. TensorFlow.js runs on the backend that is set. The model is there when the last epoch was asked for
 * what follows it.
 *
 * @param path Of a JSON file; the README of `@diptych/cli` lists its fields.
 * @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the field; `INPUT_INVALID` for a run that may not be
 *   continued, or where the disk refuses.
 */
export async function* trainFile(path: string, options: TrainFileOptions): AsyncGenerator<TrainedEpoch, void, void> {
  expectMembers(options, 'trainFile: options', 'output', 'plan', 'open');
  const { plan, resume = false, signal, onProgress, onDamaged } = options;
  const { json, reader, folder: at } = await readConfig(path);
  // First: it knows which fields there are.
  const recipe = recipeOf(reader);
  const data = dataConfig(reader.object('data'), at);
  const model = modelConfig(reader.object('model'));
  expectLabels(reader, recipe, data);
  const folder = resolve(options.output);
  await onDisk(folder, async () => makeFolder(folder));
  const { train, validation } = await readSplits(data, signal);
  const { captions } = train;
  const states = await checkpoint(folder, { config: json, train, resume, onDamaged });
  const features = await readFeatures(data, { train, validation }, options);
  const vocabulary = captionVocabulary(captions, { minCount: model.minCount });
  requireWords(sizeOf(vocabulary) - sizeOf(captionVocabulary([])), model.minCount);
  const config = modelJson(model, data, {
    vocabSize: sizeOf(vocabulary),
    features,
    ...recipe.loss,
  });
  using training = await dualTraining({
    ...recipe,
    augment: data.augment,
    plan: plan(config, 'model'),
    features,
    vocabulary,
    classes: train.labels?.names.length,
  });
  const history = yield* runEpochs(folder, training, { ...states, recipe, train, validation, signal, onProgress });
  const card = runCard({ name: basename(folder), config: json, train, validation, history });
  await writeModel(folder, training, { config, vocabulary, card, backbone: data.backbone });
}

function sizeOf({ word2idx }: WordVocabulary): number {
  return Object.keys(word2idx).length;
}

/** Of every image, where the tower reads them. */
async function readFeatures(
  { features, backbone }: DataConfig,
  splits: Splits,
  { open, featureCache, signal, onProgress }: TrainFileOptions,
): Promise<NamedRows | undefined> {
  if (features) return storedFeatures(features.rows, features.order, signal);
  if (backbone === undefined) return undefined;
  const samples = allSamples(splits);
  const told = (done: number) => onProgress?.('features', done, samples.length);
  const opener = featureCache === undefined ? open : cachedOpen(open, featureCache);
  return backboneFeatures(opener, backbone, samples, { signal, onProgress: told });
}

interface Learned extends Pick<LossPlan, 'similarity'> {
  readonly vocabSize: number;
  readonly features: NamedRows | undefined;
}

/** What the trained model's `config.json` says. */
function modelJson(
  { dim, text, image: tower }: ModelConfig,
  { captions }: DataConfig,
  { vocabSize, features, similarity }: Learned,
): Json {
  const image = features ? { ...tower, inputs: features.width } : tower;
  if (features === undefined && image['kind'] === 'features') {
    const expected = "'features' and 'order', or 'backbone', in 'data' for a head over features";
    throw new EmbeddingError('CONFIG_INVALID', { where: captions, expected, got: 'none' });
  }
  return { model_type: 'dual_encoder', dim, vocabSize, text, image, ...(similarity && { similarity }) };
}
