import {
  clampVariable,
  dannWeight,
  discriminate,
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
import type { Similarity } from '@diptych/core';
import { l2Normalize, type ParamsOf, type Spec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { ConfigReader } from 'diptych';

/** A loss before its own parameters are there. */
export interface LossPlan {
  readonly spec: Spec;
  readonly pairs: (params: never) => PairLoss;
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
  vse0: ranking((margin) => (a, b) => vse0(a, b, { margin }), 0.2),
  vsepp: ranking((margin) => (a, b) => vsepp(a, b, { margin }), 0.2),
  // The towers give no value below 0 then.
  order: (reader) => ({ ...ranking((margin) => (a, b) => order(a, b, { margin }), 0.05)(reader), similarity: 'order' }),
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

function ranking(of: (margin: number) => PairLoss, fallback: number) {
  return (reader: ConfigReader): LossPlan => {
    reader.only('kind', 'margin', 'matryoshka', 'adversarial');
    const loss = of(reader.number('margin', fallback));
    return { spec: {}, pairs: () => loss, clamps: false };
  };
}

type Objective = { loss: (pair: { a: tf.Tensor2D; b: tf.Tensor2D }) => tf.Scalar };

function learned<S extends Spec>(spec: S, objective: (params: ParamsOf<S>) => Objective, clamps: boolean): LossPlan {
  return { spec, clamps, pairs: (params: ParamsOf<S>) => (a, b) => objective(params).loss({ a, b }) };
}

/** Everything that the objective learns itself. */
export function lossSpec({ spec, adversary }: LossPlan, dim: number): { loss: Spec; adversary: Spec } {
  return { loss: spec, adversary: adversary ? modalityDiscriminatorSpec(dim, adversary.hidden) : {} };
}

/** The loss of two batches as the towers give them; `progress` is the part of the run that is done, in `[0, 1]`. */
export function lossOf(
  { pairs, dims, adversary }: LossPlan,
  params: { readonly loss: unknown; readonly adversary: unknown },
): (a: tf.Tensor2D, b: tf.Tensor2D, progress: number) => tf.Scalar {
  const pairLoss = pairs(params.loss as never);
  return (a, b, progress) => {
    const [x, y] = [l2Normalize(a), l2Normalize(b)];
    const aligned = pairLoss(x, y);
    const nested = dims ? tf.add<tf.Scalar>(aligned, matryoshka(a, b, pairLoss, { dims })) : aligned;
    if (!adversary) return nested;
    const weight = dannWeight(progress);
    const guess = (rows: tf.Tensor2D) => discriminate(params.adversary as ParamsOf<typeof discriminator>, rows);
    const told = modalityLoss(reverseGradient(x, weight), reverseGradient(y, weight), guess);
    return tf.add(nested, tf.mul(told, adversary.weight));
  };
}

const discriminator = modalityDiscriminatorSpec(1, 1);

/** Keeps the learned scale where CLIP keeps it. */
export function clampScale({ clamps }: LossPlan, variables: ReadonlyMap<string, tf.Variable>): void {
  if (clamps) clampVariable(variables.get('loss.logScale')!, 0, Math.log(100));
}
