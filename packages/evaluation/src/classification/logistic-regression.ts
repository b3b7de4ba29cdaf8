import { EmbeddingError, expectList, expectMembers, inTurns, pieces, type Steps } from '@diptych/core';
import { expectLabel } from './classification.ts';
import { type Differentiable, lbfgs } from './lbfgs.ts';
import { finiteRows, type FiniteRows, type Matrix, type Rows } from '../rows.ts';
import type { Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { dotScores } from '../embedding-scores.ts';

export interface LogisticRegressionOptions extends SignalOption {
  /** Weight of the data against the penalty, scikit-learn's `C`. Default 1. */
  readonly c?: number;
  /** Default: the highest label plus 1. */
  readonly classes?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Ends where no component of the mean gradient is larger. Default 1e-6. */
  readonly tolerance?: number;
}

/** A linear classifier. */
export interface LogisticRegression {
  /** `[classes, dim]`. */
  readonly weights: Matrix;
  readonly intercepts: Float64Array;
  /** Mean cross-entropy on the training rows, in nats. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Multinomial logistic regression: the minimum of `½‖weights‖² + c Σ cross-entropy`, intercepts unpenalised, as
 * scikit-learn's `LogisticRegression` has it. Two classes are two rows of weights.
 *
 * @param features `[n, dim]`.
 * @param labels Class of each row.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label per row; `INPUT_INVALID` when a label is no class,
 *   there are fewer than two classes, a feature is not finite or an option is out of range.
 */
export async function logisticRegression(
  features: Rows,
  labels: ArrayLike<number>,
  options: LogisticRegressionOptions = {},
): Promise<LogisticRegression> {
  expectMembers(options, 'logisticRegression: options');
  return inTurns(logisticRegressionSteps(features, labels, options), options.signal);
}

export function* logisticRegressionSteps(
  features: Rows,
  labels: ArrayLike<number>,
  options: LogisticRegressionOptions,
): Steps<LogisticRegression> {
  const rows = finiteRows(features, 'logisticRegression');
  expectList(labels, 'labels');
  const [n, dim] = rows.shape;
  if (labels.length !== n) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'labels', expected: `${n}`, got: labels.length });
  }
  const { c = 1, maxIterations = 1000, tolerance = 1e-6 } = options;
  const classes = options.classes ?? Array.from(labels).reduce((most, label) => Math.max(most, label + 1), 0);
  if (!(classes >= 2 && c > 0 && tolerance > 0 && maxIterations >= 1)) {
    const expected = 'at least two classes, c, tolerance and maxIterations above 0';
    const got = `${classes} classes, c ${c}, tolerance ${tolerance}, maxIterations ${maxIterations}`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'logisticRegression', expected, got });
  }
  const problem = { rows, labels: Array.from(labels, expectLabel(classes)), classes, penalty: 1 / (c * n) };
  const start = new Float64Array(classes * (dim + 1));
  const { x, iterations, converged } = yield* lbfgs(objective(problem), start, { tolerance, maxIterations });
  const weights = { data: x.slice(0, classes * dim), shape: [classes, dim] as const };
  const loss = yield* objective({ ...problem, penalty: 0 })(x, start);
  return { weights, intercepts: x.slice(classes * dim), loss, iterations, converged };
}

/** Log-odds of every row for every class, to be ranked by `classification`. */
export function classScores(classifier: LogisticRegression, features: Rows): Scores {
  expectMembers(classifier, 'classScores: classifier', 'weights', 'intercepts');
  const { weights, intercepts } = classifier;
  const products = dotScores(features, weights);
  return {
    shape: products.shape,
    block(rows, columns) {
      const width = columns[1] - columns[0];
      return products.block(rows, columns).map((value, i) => value + intercepts[columns[0] + (i % width)]!);
    },
  };
}

interface Problem {
  readonly rows: FiniteRows;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly penalty: number;
}

/** Mean cross-entropy and half the squared weights times the penalty. The intercepts lie behind the weights. */
function objective({ rows: { data, shape }, labels, classes, penalty }: Problem): Differentiable {
  const [n, dim] = shape;
  const logits = new Float64Array(classes);
  const pause = pieces(); // One evaluation may be less than a piece.
  return function* valueAt(x, gradient) {
    let loss = 0;
    gradient.fill(0);
    for (let row = 0; row < n; row++) {
      const from = row * dim;
      for (let k = 0; k < classes; k++) {
        let sum = x[classes * dim + k]!;
        for (let i = 0; i < dim; i++) sum += x[k * dim + i]! * data[from + i]!;
        logits[k] = sum;
      }
      loss += softmaxError(logits, labels[row]!);
      for (let k = 0; k < classes; k++) {
        const error = logits[k]! / n;
        gradient[classes * dim + k]! += error;
        for (let i = 0; i < dim; i++) gradient[k * dim + i]! += error * data[from + i]!;
      }
      if (pause(2 * classes * dim)) yield undefined;
    }
    let squares = 0;
    for (let i = 0; i < classes * dim; i++) {
      squares += x[i]! ** 2;
      gradient[i]! += penalty * x[i]!;
    }
    return loss / n + (penalty * squares) / 2;
  };
}

/** Cross-entropy of one row; the logits become probabilities less 1 at the label, its gradient. */
function softmaxError(logits: Float64Array, label: number): number {
  const max = logits.reduce((most, value) => Math.max(most, value));
  const total = logits.reduce((sum, value) => sum + Math.exp(value - max), 0);
  const loss = max + Math.log(total) - logits[label]!;
  logits.forEach((value, k) => (logits[k] = Math.exp(value - max) / total - (k === label ? 1 : 0)));
  return loss;
}
