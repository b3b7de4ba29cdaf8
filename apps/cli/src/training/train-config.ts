import { adagrad, adam, adamW, type Schedule, sgd, stepDecay, type UpdateRule, warmupCosine } from '@diptych/alignment';
import { EmbeddingError } from '@diptych/core';
import type { ConfigReader } from 'diptych';
import { losses, type LossPlan } from './losses.ts';
import type { Steps } from './steps.ts';
import { atLeast, type ConfigFile, type Json, optionalPath, pathIn } from './read-config.ts';

/** What a configuration of `diptych train` says, checked. Paths are whole, and there. */
export interface TrainConfig {
  readonly data: DataConfig;
  /** As `dualEncoderPlan` takes it, but for what the data say. */
  readonly model: { readonly dim: number; readonly text: Json; readonly image: Json; readonly minCount: number };
  readonly loss: LossPlan;
  readonly rule: UpdateRule;
  /** Learning rate by step, of a run of so many. */
  readonly schedule: (steps: Omit<Steps, 'size'>) => Schedule;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly clipNorm: number;
  /** Decay of the moving average; none is kept where it is absent. */
  readonly average?: number;
  readonly patience: number;
  readonly saveEvery: number;
}

export interface DataConfig {
  readonly captions: string;
  readonly images?: string;
  readonly train: string;
  readonly validation?: string;
  /** A `.npy` file with a row for each image, and a JSON list of their names in its order. */
  readonly features?: { readonly rows: string; readonly order: string };
  /** Folder of the network that gives the features. */
  readonly backbone?: string;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the path of the field. */
export function trainConfig({ reader, folder }: ConfigFile): TrainConfig {
  reader.only(
    'data',
    'model',
    'loss',
    'optimizer',
    'schedule',
    'epochs',
    'batchSize',
    'seed',
    'clipNorm',
    'average',
    'patience',
    'saveEvery',
  );
  const optimizer = reader.object('optimizer');
  return {
    data: dataConfig(reader.object('data'), folder),
    model: modelConfig(reader.object('model')),
    loss: lossConfig(reader.object('loss')),
    rule: optimizer.choice('kind', rules, 'adam')(optimizer),
    schedule: scheduleConfig(reader.object('schedule'), atLeast(0, optimizer, 'learningRate', 2e-4)),
    epochs: reader.count('epochs', 30),
    batchSize: reader.count('batchSize', 128),
    seed: reader.number('seed', 0),
    clipNorm: atLeast(0, reader, 'clipNorm', Infinity),
    ...(reader.has('average') && { average: atLeast(0, reader, 'average') }),
    patience: reader.count('patience', Number.MAX_SAFE_INTEGER),
    saveEvery: reader.count('saveEvery', 200),
  };
}

function dataConfig(reader: ConfigReader, folder: string): DataConfig {
  reader.only('captions', 'images', 'train', 'validation', 'features', 'order', 'backbone');
  const rows = optionalPath(reader, 'features', folder);
  return {
    captions: pathIn(reader, 'captions', folder),
    images: optionalPath(reader, 'images', folder),
    train: reader.string('train', 'train'),
    validation: reader.has('validation') ? reader.string('validation') : undefined,
    ...(rows !== undefined && { features: { rows, order: pathIn(reader, 'order', folder) } }),
    backbone: optionalPath(reader, 'backbone', folder),
  };
}

function modelConfig(reader: ConfigReader): TrainConfig['model'] {
  reader.only('dim', 'minCount', 'text', 'image');
  for (const tower of ['text', 'image']) reader.object(tower).string('kind');
  return {
    dim: reader.count('dim', 256),
    minCount: reader.count('minCount', 4),
    text: reader.value('text') as Json,
    image: reader.value('image') as Json,
  };
}

function lossConfig(reader: ConfigReader): LossPlan {
  const plan = reader.choice('kind', losses, 'vsepp')(reader);
  const dims = reader.has('matryoshka') ? reader.counts('matryoshka') : undefined;
  if (!reader.has('adversarial')) return { ...plan, dims };
  const adversary = reader.object('adversarial');
  adversary.only('weight', 'hidden');
  return {
    ...plan,
    dims,
    adversary: { weight: atLeast(0, adversary, 'weight', 1), hidden: adversary.count('hidden', 64) },
  };
}

const rules: Readonly<Record<string, (reader: ConfigReader) => UpdateRule>> = {
  adam: (reader) => adam(adamOptions(reader)),
  adamW: (reader) => adamW(adamOptions(reader)),
  sgd: (reader) => {
    reader.only('kind', 'learningRate', 'momentum', 'nesterov', 'weightDecay');
    const options = { momentum: reader.number('momentum', 0), nesterov: reader.flag('nesterov', false) };
    return sgd({ ...options, weightDecay: reader.number('weightDecay', 0) });
  },
  adagrad: (reader) => {
    reader.only('kind', 'learningRate', 'weightDecay');
    return adagrad({ weightDecay: reader.number('weightDecay', 0) });
  },
};

function adamOptions(reader: ConfigReader) {
  reader.only('kind', 'learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay');
  return {
    betas: [reader.number('beta1', 0.9), reader.number('beta2', 0.999)] as const,
    epsilon: reader.number('epsilon', 1e-8),
    ...(reader.has('weightDecay') && { weightDecay: reader.number('weightDecay') }),
  };
}

function scheduleConfig(reader: ConfigReader, base: number): TrainConfig['schedule'] {
  return reader.choice('kind', schedules, 'constant')(reader, base);
}

const schedules: Readonly<Record<string, (reader: ConfigReader, base: number) => TrainConfig['schedule']>> = {
  constant: (reader, base) => {
    reader.only('kind');
    return () => () => base;
  },
  cosine: (reader, base) => {
    reader.only('kind', 'warmup');
    const warmup = atLeast(0, reader, 'warmup', 0);
    return ({ total }) => {
      if (warmup < total) return warmupCosine(base, warmup, total);
      throw new EmbeddingError(
        'CONFIG_INVALID',
        `${reader.where}: warmup: expected less than all ${total} steps, got ${warmup}`,
      );
    };
  },
  step: (reader, base) => {
    reader.only('kind', 'every', 'factor');
    const byEpoch = stepDecay(base, reader.count('every', 15), reader.number('factor', 0.1));
    return ({ epochOf }) =>
      (step) =>
        byEpoch(epochOf(step));
  },
};
