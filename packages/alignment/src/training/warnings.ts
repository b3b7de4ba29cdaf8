import { l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** What a run suffers from: its loss is that of equal rows, its rows lie on one line, its gradients are none. */
export type TrainingProblem = 'collapsed-loss' | 'lost-rank' | 'vanished-gradient';

/** That a run does not learn. */
export interface TrainingWarning {
  readonly problem: TrainingProblem;
  /** What was found, and what helps. */
  readonly message: string;
}

/** What a batch looks like to the model, for whoever watches over a run. */
export interface Inspection {
  /** What the loss of the batch would be if all rows were equal. */
  readonly collapsedLoss?: tf.Scalar;
  /** `[n, dim]` of each modality. */
  readonly rows?: readonly tf.Tensor2D[];
}

/** So many epochs in a row, since towers that have just begun often look like it. */
const patience = 3;
/** Within this part of the loss of equal rows a loss counts as that. */
const near = 0.02;
/** The participation ratio is 1 on one line, and the dimension where rows point everywhere. */
const leastRank = 1.02;
/** Relative to the loss. */
const leastGradient = 1e-7;

/** What the last step of an epoch did. */
export interface LastStep {
  readonly loss: number;
  readonly gradientNorm: number;
}

/** In how many epochs in a row each sign was seen. */
export type Signs = Readonly<Partial<Record<TrainingProblem, number>>>;

/** The signs after one more epoch, and what has been seen for too long. */
export function watch(
  before: Signs,
  last: LastStep,
  inspect: (() => Inspection) | undefined,
): { readonly signs: Signs; readonly warnings: readonly TrainingWarning[] } {
  const seen = signsOf(last, inspect);
  const signs: Signs = Object.fromEntries(seen.map(({ problem }) => [problem, (before[problem] ?? 0) + 1]));
  return { signs, warnings: seen.filter(({ problem }) => signs[problem]! >= patience) };
}

/** Everything that looks wrong with the last step of an epoch. */
function signsOf({ loss, gradientNorm }: LastStep, inspect: (() => Inspection) | undefined): TrainingWarning[] {
  const { collapsed, ranks } = inspected(inspect);
  const warnings: TrainingWarning[] = [];
  if (collapsed !== undefined && Math.abs(loss - collapsed) <= near * Math.abs(collapsed)) {
    const found = `the loss is ${loss.toPrecision(4)}, and ${collapsed.toPrecision(4)} if all rows are equal`;
    warnings.push({ problem: 'collapsed-loss', message: `${found}; ${cure}` });
  }
  const lowest = Math.min(...ranks);
  if (lowest < leastRank) {
    const found = `rows have rank ${lowest.toFixed(2)}: they point in one direction`;
    warnings.push({ problem: 'lost-rank', message: `${found}; ${cure}` });
  }
  if (gradientNorm <= leastGradient * Math.abs(loss) && loss !== 0) {
    const found = `the gradient has length ${gradientNorm.toExponential(1)} at a loss of ${loss.toPrecision(4)}`;
    warnings.push({ problem: 'vanished-gradient', message: `${found}; ${otherCure}` });
  }
  return warnings;
}

const cure =
  'begin with more negatives (fallingNegatives), a lower learning rate or a warm-up, or take vse0 or infoNce';
const otherCure = 'take another margin or scale, or see whether a tower gives the same for everything';

function inspected(inspect: (() => Inspection) | undefined): { collapsed?: number; ranks: readonly number[] } {
  let found: { collapsed?: number; ranks: readonly number[] } = { ranks: [] };
  tf.tidy(() => {
    const { collapsedLoss, rows = [] } = inspect?.() ?? {};
    found = { collapsed: collapsedLoss?.dataSync()[0], ranks: rows.map(participationRatio) };
  });
  return found;
}

/** In how many directions rows point: `n² / Σ cos²` over all pairs of rows. */
function participationRatio(rows: tf.Tensor2D): number {
  const unit = l2Normalize(rows);
  return 1 / tf.mean(tf.mean(tf.square(tf.matMul(unit, unit, false, true)), 1)).dataSync()[0]!;
}
