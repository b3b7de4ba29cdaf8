import {
  dannWeight,
  discriminate,
  fallingNegatives,
  infoNce,
  modalityDiscriminatorSpec,
  modalityLoss,
  reverseGradient,
  vse0,
  vsepp,
} from '@diptych/alignment';
import type { ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Unit rows; row `i` of both is one pair, and no two pairs of a batch are of one photo. */
export interface Batch {
  readonly images: tf.Tensor2D;
  readonly captions: tf.Tensor2D;
}

/** What a method learns beside the towers; each uses its part. */
export function methodSpec(dim: number) {
  return { discriminator: modalityDiscriminatorSpec(dim, dim) };
}

export type MethodParams = ParamsOf<ReturnType<typeof methodSpec>>;

/** A loss of one step; `progress` of the run is in `[0, 1)`. */
export type Method = (batch: Batch, params: MethodParams, progress: number) => tf.Scalar;

/** How much better a pair must score than what does not match, in cosines; each loss has the one that suits it. */
export const margins = { everyNegative: 0.2, hardestNegative: 0.4 };
/** Cosines are multiplied by this. CLIP learns its factor, which on so few photos grows too large. */
export const scale = 10;
/** Of the reversed gradient, at the end of DANN's schedule. */
const adversarialWeight = 0.1;

const perPair = (loss: tf.Scalar, { images }: Batch) => tf.div<tf.Scalar>(loss, images.shape[0]);

/** All negatives of the batch: VSE0, Faghri et al. 2018. */
export const hinges: Method = (batch) =>
  perPair(vse0(batch.images, batch.captions, { margin: margins.everyNegative }), batch);

/**
 * The hardest negatives of each query, all of the batch at first and one at the end: VSE++, Faghri et al. 2018. The
 * hardest alone from the first step collapses, since towers that know nothing can only move everything together.
 */
export const hardestHinges: Method = (batch, _, progress) => {
  const options = { margin: margins.hardestNegative, negatives: fallingNegatives(progress, batch.images.shape[0]) };
  return perPair(vsepp(batch.images, batch.captions, options), batch);
};

/** Every other pair of the batch at once: CLIP, Radford et al. 2021. */
export const contrastive: Method = ({ images, captions }) => infoNce(images, captions, Math.log(scale));

/** With a network that tells photos from captions, which the towers learn to deceive: ACMR, Wang et al. 2017. */
export function adversarial(method: Method): Method {
  return (batch, params, progress) => {
    const weight = adversarialWeight * dannWeight(progress);
    const [a, b] = [reverseGradient(batch.images, weight), reverseGradient(batch.captions, weight)];
    const guessing = modalityLoss(a, b, (rows) => discriminate(params.discriminator, rows));
    return tf.add(method(batch, params, progress), guessing);
  };
}
