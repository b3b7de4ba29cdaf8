import {
  clampVariable,
  dannWeight,
  discriminate,
  fallingNegatives,
  infoNceObjective,
  infoNceSpec,
  matryoshka,
  modalityDiscriminatorSpec,
  modalityLoss,
  order,
  type PairLoss,
  reverseGradient,
  siglipObjective,
  siglipSpec,
  vse0,
  vsepp,
} from '@diptych/alignment';
import type { ConfigReader, Similarity } from '@diptych/core';
import { l2Normalize, type Model, type ParamsOf, type Spec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A model in which the parameters of a loss stand at `loss`, and those of its adversary at `adversary`. */
type Parts = Pick<Model<Spec>, 'part'>;

/** A loss before its own parameters are there. */
export interface LossPlan {
  readonly spec: Spec;
  /** With the parameters of its spec in a model; `progress` is the part of the run that is done, in `[0, 1]`. */
  readonly pairs: (model: Parts, progress: number) => PairLoss;
  /** How it compares rows, and so does the trained model. Default by cosine. */
  readonly similarity?: Similarity;
  /** Whether the learned scale has to stay below that of CLIP. */
  readonly clamps: boolean;
  /** Also takes the loss of so many leading components, normalised by themselves. */
  readonly dims?: readonly number[];
  /** A network that tells the modalities apart, which the towers learn to prevent. */
  readonly adversary?: { readonly weight: number; readonly hidden: number };
}

/** Losses by name, of unit rows that all belong to different images. */
export const losses: Readonly<Record<string, (reader: ConfigReader) => LossPlan>> = {
  vse0: (reader) => {
    reader.only('kind', 'margin', 'matryoshka', 'adversarial');
    const margin = reader.number('margin', 0.2);
    return { spec: {}, pairs: () => (a, b) => vse0(a, b, { margin }), clamps: false };
  },
  vsepp: mining((a, b, { margin = 0.2, negatives }) => vsepp(a, b, { margin, negatives })),
  // The towers give no value below 0 then.
  order: (reader) => {
    const plan = mining((a, b, { margin = 0.05, negatives }) => {
      return order(a, b, { margin, negatives });
    })(reader);
    return { ...plan, similarity: 'order' };
  },
  infoNce: (reader) => {
    reader.only('kind', 'scale', 'matryoshka', 'adversarial');
    return learned(infoNceSpec(Math.log(reader.number('scale', 1 / 0.07))), infoNceObjective, true);
  },
  siglip: (reader) => {
    reader.only('kind', 'scale', 'bias', 'matryoshka', 'adversarial');
    return learned(
      siglipSpec(Math.log(reader.number('scale', 10)), reader.number('bias', -10)),
      siglipObjective,
      false,
    );
  },
};

interface Mining {
  readonly margin?: number;
  /** How many of the hardest count. */
  readonly negatives: number;
}

/** A loss of the hardest negatives: as many as the configuration says, or fewer and fewer in the course of the run. */
function mining(loss: (a: tf.Tensor2D, b: tf.Tensor2D, options: Mining) => tf.Scalar) {
  return (reader: ConfigReader): LossPlan => {
    reader.only('kind', 'margin', 'negatives', 'matryoshka', 'adversarial');
    const margin = reader.has('margin') ? reader.number('margin') : undefined;
    const fixed = reader.has('negatives') ? reader.count('negatives') : undefined;
    const pairs = (_: Parts, progress: number): PairLoss => {
      return (a, b) => loss(a, b, { margin, negatives: fixed ?? fallingNegatives(progress, a.shape[0]) });
    };
    return { spec: {}, pairs, clamps: false };
  };
}

type Objective = { loss: (pair: { a: tf.Tensor2D; b: tf.Tensor2D }) => tf.Scalar };

function learned<S extends Spec>(spec: S, objective: (params: ParamsOf<S>) => Objective, clamps: boolean): LossPlan {
  return { spec, clamps, pairs: (model) => (a, b) => objective(model.part(spec, 'loss')).loss({ a, b }) };
}

/** Everything that the objective learns itself. */
export function lossSpec({ spec, adversary }: LossPlan, dim: number): { loss: Spec; adversary: Spec } {
  return { loss: spec, adversary: adversary ? modalityDiscriminatorSpec(dim, adversary.hidden) : {} };
}

/** The loss of as many pairs whose rows are all equal; unknown with an adversary, whose guesses are not. */
export function collapsedLoss(
  plan: LossPlan,
  model: Parts,
  rows: tf.Tensor2D,
  progress: number,
): tf.Scalar | undefined {
  const equal = tf.onesLike(rows);
  return plan.adversary ? undefined : lossOf(plan, model)(equal, equal, progress);
}

/** The loss of two batches as the towers give them; `progress` is the part of the run that is done, in `[0, 1]`. */
export function lossOf(
  { pairs, dims, adversary }: LossPlan,
  model: Parts,
): (a: tf.Tensor2D, b: tf.Tensor2D, progress: number) => tf.Scalar {
  return (a, b, progress) => {
    const pairLoss = pairs(model, progress);
    const [x, y] = [l2Normalize(a), l2Normalize(b)];
    const aligned = pairLoss(x, y);
    const nested = dims ? tf.add<tf.Scalar>(aligned, matryoshka(a, b, pairLoss, { dims })) : aligned;
    if (!adversary) return nested;
    const weight = dannWeight(progress);
    const guess = (rows: tf.Tensor2D) => discriminate(model.part(discriminator, 'adversary'), rows);
    const told = modalityLoss(reverseGradient(x, weight), reverseGradient(y, weight), guess);
    return tf.add(nested, tf.mul(told, adversary.weight));
  };
}

/** The names of its parameters, whatever their lengths. */
const discriminator = modalityDiscriminatorSpec(1, 1);

/** Keeps the learned scale where CLIP keeps it. */
export function clampScale({ clamps }: LossPlan, variables: ReadonlyMap<string, tf.Variable>): void {
  if (clamps) clampVariable(variables.get('loss.logScale')!, 0, Math.log(100));
}
