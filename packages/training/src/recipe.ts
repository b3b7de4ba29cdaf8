import { adagrad, adam, adamW, type Schedule, sgd, stepDecay, type UpdateRule, warmupCosine } from '@diptych/alignment';
import { type ConfigReader, EmbeddingError, expectMembers } from '@diptych/core';
import { atLeast } from './at-least.ts';
import type { LossPlan } from './losses/loss-plan.ts';
import { losses } from './losses/losses.ts';
import type { Steps } from './steps.ts';

/** How a model is trained. */
export interface Recipe {
  readonly loss: LossPlan;
  readonly rule: UpdateRule;
  /** Learning rate by step, of a run of so many. */
  readonly schedule: (steps: Omit<Steps, 'size'>) => Schedule;
  readonly epochs: number;
  readonly batchSize: number;
  /** Pairs of a batch whose rows are computed at once; gradients are cached where there are more. Default all. */
  readonly chunk?: number;
  /** Batches whose gradients are averaged for a step. Default 1. */
  readonly accumulate?: number;
  /** That no batch has one text twice, whose images are no negatives of it. Default `false`. */
  readonly distinctTexts?: boolean;
  readonly seed: number;
  readonly clipNorm: number;
  /** Decay of the moving average; none is kept where it is absent. */
  readonly average?: number;
  readonly patience: number;
  readonly saveEvery: number;
}

/**
 * What a configuration of `diptych train` says but for `data` and `model`, which are the caller's to read.
 *
 * @param towers Field that says what is trained: `tune` stands for `model` where that is published already.
 * @throws {EmbeddingError} `CONFIG_INVALID` with the path of the field.
 */
export function recipeOf(reader: ConfigReader, towers: 'model' | 'tune' = 'model'): Recipe {
  expectMembers(reader, 'recipeOf', 'only', 'object');
  reader.only(
    'data',
    towers,
    'loss',
    'optimizer',
    'schedule',
    'epochs',
    'batchSize',
    'chunk',
    'accumulate',
    'distinctTexts',
    'seed',
    'clipNorm',
    'average',
    'patience',
    'saveEvery',
  );
  const optimizer = reader.object('optimizer');
  const loss = lossConfig(reader.object('loss'));
  return {
    loss,
    rule: optimizer.choice('kind', rules, 'adam')(optimizer),
    schedule: scheduleConfig(reader.object('schedule'), atLeast(0, optimizer, 'learningRate', 2e-4)),
    epochs: reader.count('epochs', 30),
    batchSize: batchSizeOf(reader, loss),
    ...(reader.has('chunk') && { chunk: reader.count('chunk') }),
    ...(reader.has('accumulate') && { accumulate: reader.count('accumulate') }),
    ...(reader.has('distinctTexts') && { distinctTexts: reader.flag('distinctTexts', false) }),
    seed: reader.number('seed', 0),
    clipNorm: atLeast(0, reader, 'clipNorm', Infinity),
    ...(reader.has('average') && { average: atLeast(0, reader, 'average') }),
    patience: reader.count('patience', Number.MAX_SAFE_INTEGER),
    saveEvery: reader.count('saveEvery', 200),
  };
}

function batchSizeOf(reader: ConfigReader, { learnsAlone = false }: LossPlan): number {
  const size = reader.count('batchSize', 128);
  if (size > 1 || learnsAlone) return size;
  const expected = 'at least 2, since the loss compares pairs of a batch';
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: batchSize`, expected, got: size });
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

function scheduleConfig(reader: ConfigReader, base: number): Recipe['schedule'] {
  return reader.choice('kind', schedules, 'constant')(reader, base);
}

const schedules: Readonly<Record<string, (reader: ConfigReader, base: number) => Recipe['schedule']>> = {
  constant: (reader, base) => {
    reader.only('kind');
    return () => () => base;
  },
  cosine: (reader, base) => {
    reader.only('kind', 'warmup');
    const warmup = atLeast(0, reader, 'warmup', 0);
    return ({ total }) => {
      if (warmup < total) return warmupCosine(base, warmup, total);
      throw new EmbeddingError('CONFIG_INVALID', {
        where: `${reader.where}: warmup`,
        expected: `less than all ${total} steps`,
        got: warmup,
      });
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
