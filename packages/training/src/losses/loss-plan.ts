import {
  clampVariable,
  dannWeight,
  discriminate,
  type Labels,
  matryoshka,
  modalityDiscriminatorSpec,
  modalityLoss,
  reverseGradient,
} from '@diptych/alignment';
import type { Similarity } from '@diptych/core';
import { l2Normalize, type Model, type Spec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A model in which the parameters of a loss stand at `loss`, and those of its adversary at `adversary`. */
export type Parts = Pick<Model<Spec>, 'part'>;

/** A loss of two batches of unit rows; row `i` of one belongs to row `i` of the other, and both have label `i`. */
export type RowLoss = (a: tf.Tensor2D, b: tf.Tensor2D, labels: Labels) => tf.Scalar;

/** What is known before a loss has parameters. */
export interface LossSizes {
  /** Length of an embedding. */
  readonly dim: number;
  /** Different labels; they are numbers from 0. */
  readonly classes: number;
}

/** A loss before its own parameters are there. */
export interface LossPlan {
  readonly spec: (sizes: LossSizes) => Spec;
  /** With the parameters of its spec in a model; `progress` is the part of the run that is done, in `[0, 1]`. */
  readonly rows: (model: Parts, progress: number) => RowLoss;
  /** Whether it makes no sense where every image has a label of its own. Default `false`. */
  readonly needsLabels?: boolean;
  /** Whether one pair alone has something to learn from, as from vectors of classes. Default `false`: from other pairs. */
  readonly learnsAlone?: boolean;
  /** How it compares rows, and so does the trained model. Default by cosine. */
  readonly similarity?: Similarity;
  /** Whether the learned scale has to stay below that of CLIP. Default `false`. */
  readonly clamps?: boolean;
  /** Also takes the loss of so many leading components, normalised by themselves. */
  readonly dims?: readonly number[] | undefined;
  /** A network that tells the modalities apart, which the towers learn to prevent. */
  readonly adversary?: { readonly weight: number; readonly hidden: number };
}

/** Everything that the objective learns itself. */
export function lossSpec({ spec, adversary }: LossPlan, sizes: LossSizes): { loss: Spec; adversary: Spec } {
  return { loss: spec(sizes), adversary: adversary ? modalityDiscriminatorSpec(sizes.dim, adversary.hidden) : {} };
}

/** Rows as the towers give them, and what else the loss of a batch depends on. */
export interface LossInput {
  readonly rows: readonly [a: tf.Tensor2D, b: tf.Tensor2D];
  readonly labels: Labels;
  /** The part of the run that is done, in `[0, 1]`. */
  readonly progress: number;
}

/** The loss of as many pairs whose rows are all equal; unknown with an adversary, whose guesses are not. */
export function collapsedLoss(plan: LossPlan, model: Parts, input: LossInput): tf.Scalar | undefined {
  const equal = tf.onesLike(input.rows[0]);
  return plan.adversary ? undefined : lossOf(plan, model)({ ...input, rows: [equal, equal] });
}

/** The loss of a batch, with all that its plan says. */
export function lossOf({ rows, dims, adversary }: LossPlan, model: Parts): (input: LossInput) => tf.Scalar {
  return ({ rows: [a, b], labels, progress }) => {
    const rowLoss = rows(model, progress);
    const pairLoss = (x: tf.Tensor2D, y: tf.Tensor2D) => rowLoss(x, y, labels);
    const [x, y] = [l2Normalize(a), l2Normalize(b)];
    const aligned = pairLoss(x, y);
    const nested = dims ? tf.add<tf.Scalar>(aligned, matryoshka(a, b, pairLoss, { dims })) : aligned;
    if (!adversary) return nested;
    const weight = dannWeight(progress);
    const guess = (some: tf.Tensor2D) => discriminate(model.part(discriminator, 'adversary'), some);
    const told = modalityLoss(reverseGradient(x, weight), reverseGradient(y, weight), guess);
    return tf.add(nested, tf.mul(told, adversary.weight));
  };
}

/** The names of its parameters, whatever their lengths. */
const discriminator = modalityDiscriminatorSpec(1, 1);

/** Keeps the learned scale where CLIP keeps it. */
export function clampScale({ clamps }: LossPlan, variables: ReadonlyMap<string, tf.Variable>): void {
  const scale = variables.get('loss.logScale');
  if (clamps && scale) clampVariable(scale, 0, Math.log(100));
}
