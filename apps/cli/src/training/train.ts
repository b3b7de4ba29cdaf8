import { resolve } from 'node:path';
import { type EpochRecord, fit, historyOf, type MovingAverage, movingAverage, optimizer } from '@diptych/alignment';
import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { makeFolder } from '@diptych/checkpoint/node';
import { EmbeddingError } from '@diptych/core';
import { groupBatches, prefetch } from '@diptych/datasets';
import { enableAutodiff } from '@diptych/nn';
import { captionVocabulary } from '@diptych/preprocessing';
import type { Variable } from '@tensorflow/tfjs-core';
import type { TrainOptions } from '../commands/train.ts';
import { captionData } from '../evaluation/caption-data.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { onDisk } from '../output/on-disk.ts';
import { type Progress, terminalProgress } from '../progress.ts';
import { backboneFeatures } from './backbone-features.ts';
import { type CaptionSplit, captionSplit } from './caption-split.ts';
import { checkpoint, type Checkpoint } from './checkpoint.ts';
import { type DualBatch, type DualTraining, dualTraining } from './dual-training.ts';
import { epochLine } from './epoch-line.ts';
import { clampScale } from './losses.ts';
import { type Json, readConfig } from './read-config.ts';
import { storedFeatures, type StoredFeatures } from './stored-features.ts';
import { stepsOf } from './steps.ts';
import { type DataConfig, type TrainConfig, trainConfig } from './train-config.ts';
import { validate } from './validate.ts';
import { writeCurves, writeModel } from './write-run.ts';

/** Trains two towers as a configuration says, and writes the model, its states and its curves into a folder. */
export async function train(configPath: string, options: TrainOptions, io: Io): Promise<void> {
  const file = await readConfig(configPath);
  const config = trainConfig(file);
  const folder = resolve(options.output);
  await onDisk(folder, async () => makeFolder(folder));
  const progress = terminalProgress(io, options.quiet);
  const splits = await readSplits(config.data, io.signal);
  const { captions } = splits.train;
  const { resume = false } = options;
  const states = await checkpoint(folder, { config: file.json, captions, resume, note: (line) => progress.note(line) });
  await (options.backend ? useBackend(options.backend) : defaultBackend());
  await enableAutodiff();
  const features = await readFeatures(config.data, splits, { signal: io.signal, progress });
  const data = { ...splits, features };
  const vocabulary = captionVocabulary(captions, { minCount: config.model.minCount });
  const model = modelJson(config, Object.keys(vocabulary.word2idx).length, data.features);
  using training = await dualTraining({ ...config, features: data.features, config: model, vocabulary });
  await runEpochs(training, { config, data, states, folder, options, io, progress });
  await writeModel(folder, training.model.variables, { config: model, vocabulary, backbone: config.data.backbone });
}

interface Run {
  readonly config: TrainConfig;
  readonly data: TrainData;
  readonly states: Checkpoint;
  readonly folder: string;
  readonly options: TrainOptions;
  readonly io: Io;
  readonly progress: Progress;
}

/** Afterwards the variables hold the best epoch's values, or without validation the last ones or their averages. */
async function runEpochs(training: DualTraining, { config, data, states, folder, options, io, progress }: Run) {
  const { variables } = training.model;
  using rule = optimizer(variables, config.rule);
  using average = config.average === undefined ? undefined : averageOf(variables, config.average);
  const steps = stepsOf(data.train, config);
  const bar = progress.start('training', { total: steps.total });
  const run = fit<DualBatch>({
    ...states,
    ...config,
    variables,
    optimizer: rule,
    average,
    batches: (epoch) =>
      batchesOf(training, data.train, { size: steps.size, epoch, seed: config.seed, signal: io.signal }),
    loss: (batch, step) => training.loss(batch, step / steps.total),
    inspect: (batch, step) => training.inspect(batch, step / steps.total),
    schedule: config.schedule(steps),
    afterStep: () => clampScale(config.loss, variables),
    validate: data.validation && (async () => validate(training, data.validation!, io.signal)),
    onStep: ({ step }) => bar.update(step + 1),
    signal: io.signal,
  });
  const history = states.from ? [...historyOf(states.from)] : [];
  try {
    for await (const record of run) {
      progress.makeWay();
      await write(io.stdout, epochLine(record, options.format ?? defaultFormat(io.stdout)));
      if (!options.quiet) for (const line of newWarnings(record, history.at(-1))) progress.note(line);
      history.push(record);
      await writeCurves(folder, history);
    }
  } finally {
    bar.stop();
  }
  await writeCurves(folder, history); // Of a run that was killed between its last state and these.
  if (!data.validation) average?.swap();
}

/** Lines for what an epoch suffers from and the one before it did not. */
function newWarnings({ epoch, warnings = [] }: EpochRecord, before: EpochRecord | undefined): readonly string[] {
  const known = new Set(before?.warnings?.map(({ problem }) => problem));
  const fresh = warnings.filter(({ problem }) => !known.has(problem));
  return fresh.map(({ message }) => `diptych: epoch ${epoch + 1}: ${message}`);
}

function averageOf(variables: ReadonlyMap<string, Variable>, decay: number): MovingAverage {
  return movingAverage(variables, { decay, ramp: true });
}

interface Splits {
  readonly train: CaptionSplit;
  readonly validation?: CaptionSplit;
}

interface TrainData extends Splits {
  /** Of every image, where the tower reads them. */
  readonly features?: StoredFeatures;
}

async function readSplits(
  { captions, images, train: split, validation, features }: DataConfig,
  signal: AbortSignal,
): Promise<Splits> {
  // Stored features need no images.
  const read = async (name: string) =>
    captionSplit(await captionData(captions, { images, split: name, signal, checkImages: !features }));
  return { train: await read(split), ...(validation !== undefined && { validation: await read(validation) }) };
}

async function readFeatures(
  { features, backbone }: DataConfig,
  splits: Splits,
  context: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<StoredFeatures | undefined> {
  if (features) return storedFeatures(features.rows, features.order, context.signal);
  if (backbone === undefined) return undefined;
  const samples = [...splits.train.samples, ...(splits.validation?.samples ?? [])];
  return backboneFeatures(backbone, samples, context);
}

/** What the trained model's `config.json` says. */
function modelJson({ model, data, loss }: TrainConfig, vocabSize: number, features?: StoredFeatures): Json {
  const { dim, text } = model;
  const image = features ? { ...model.image, inputs: features.width } : model.image;
  if (features === undefined && image['kind'] === 'features') {
    const message = `${data.captions}: a head over features expects 'features' and 'order', or 'backbone', in 'data'`;
    throw new EmbeddingError('CONFIG_INVALID', message);
  }
  const { similarity } = loss;
  return { model_type: 'dual_encoder', dim, vocabSize, text, image, ...(similarity && { similarity }) };
}

interface BatchesOptions {
  readonly size: number;
  readonly seed: number;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

function batchesOf(
  { images, tokenize }: DualTraining,
  { samples, captions, imageOf }: CaptionSplit,
  { signal, ...order }: BatchesOptions,
): AsyncIterable<DualBatch> {
  const load = async (rows: Uint32Array): Promise<DualBatch> => ({
    images: await images.load(
      Array.from(rows, (row) => samples[imageOf[row]!]!),
      signal,
    ),
    texts: tokenize(Array.from(rows, (row) => captions[row]!)),
  });
  return prefetch(groupBatches(imageOf, { ...order, dropLast: true }), load, { ahead: 2, signal });
}
