import { EmbeddingError, expectMembers, inTurns, type Steps } from '@diptych/core';
import { classificationSteps } from './classification.ts';
import {
  classScores,
  type LogisticRegression,
  logisticRegressionSteps,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
import type { Metrics } from '../metrics.ts';
import { expectOneSpace, type Rows } from '../rows.ts';

/** Frozen features `[n, dim]` with the class of each row. */
export interface Labelled {
  readonly features: Rows;
  readonly labels: ArrayLike<number>;
}

export interface LinearProbeData {
  readonly train: Labelled;
  /** What `c` is chosen by. */
  readonly validation: Labelled;
  readonly test: Labelled;
}

export interface LinearProbeOptions extends Omit<LogisticRegressionOptions, 'c'> {
  /** Values of `c` to try. Default: 13 from 1e-6 to 1e6. */
  readonly cs?: readonly number[];
}

export interface LinearProbe {
  /** On the test rows. */
  readonly metrics: Metrics;
  readonly c: number;
  readonly classifier: LogisticRegression;
  /** Accuracy on the validation rows of each `c`. */
  readonly sweep: readonly { readonly c: number; readonly acc1: number }[];
}

/**
 * Linear probe: a logistic regression on frozen features, its `c` chosen by the accuracy on validation rows (the lowest of
 * equals), judged on test rows. The classifier is the one of the training rows; it is not fitted again.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` and `INPUT_INVALID` as `logisticRegression` and `classification`, and when the
 *   parts are of different models.
 */
export async function linearProbe(data: LinearProbeData, options: LinearProbeOptions = {}): Promise<LinearProbe> {
  expectMembers(data, 'linearProbe: data', 'train', 'validation', 'test');
  for (const part of Object.values(data)) expectMembers(part, 'linearProbe: a part', 'features', 'labels');
  expectMembers(options, 'linearProbe: options');
  return inTurns(linearProbeSteps(data, options), options.signal);
}

function* linearProbeSteps(data: LinearProbeData, options: LinearProbeOptions): Steps<LinearProbe> {
  const { train, validation, test } = data;
  const { cs = decades, ...rest } = options;
  for (const { features } of [validation, test]) expectOneSpace(train.features, features, 'linearProbe');
  const tried: { c: number; classifier: LogisticRegression; acc1: number }[] = [];
  for (const c of cs.toSorted((a, b) => a - b)) {
    const classifier = yield* logisticRegressionSteps(train.features, train.labels, { ...rest, c });
    tried.push({ c, classifier, acc1: (yield* judge(classifier, validation))['acc1']! });
  }
  const [first, ...others] = tried;
  if (!first)
    throw new EmbeddingError('INPUT_INVALID', { where: 'linearProbe', expected: 'a value of c', got: 'none' });
  const best = others.reduce((most, one) => (one.acc1 > most.acc1 ? one : most), first);
  return {
    metrics: yield* judge(best.classifier, test),
    c: best.c,
    classifier: best.classifier,
    sweep: tried.map(({ c, acc1 }) => ({ c, acc1 })),
  };
}

const decades = Array.from({ length: 13 }, (_, i) => 10 ** (i - 6));

function judge(classifier: LogisticRegression, { features, labels }: Labelled): Steps<Metrics> {
  return classificationSteps(classScores(classifier, features), labels);
}
