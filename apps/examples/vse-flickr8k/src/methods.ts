import {
  dannWeight,
  discriminate,
  infoNce,
  infoNceSpec,
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
  return { ...infoNceSpec(Math.log(startScale)), discriminator: modalityDiscriminatorSpec(dim, dim) };
}

export type MethodParams = ParamsOf<ReturnType<typeof methodSpec>>;

/** A loss of one step; `progress` of the run is in `[0, 1)`. */
export type Method = (batch: Batch, params: MethodParams, progress: number) => tf.Scalar;

/** Cosines are multiplied by this at first; CLIP's 14.3 is for far more pairs. */
const startScale = 20;
/** Of the reversed gradient, at the end of DANN's schedule. */
const adversarialWeight = 0.1;

const perPair = (loss: tf.Scalar, { images }: Batch) => tf.div<tf.Scalar>(loss, images.shape[0]);

/** All negatives of the batch: VSE0, Faghri et al. 2018. */
export const hinges: Method = (batch) => perPair(vse0(batch.images, batch.captions), batch);

/** The hardest negative of each query: VSE++, Faghri et al. 2018. */
export const hardestHinges: Method = (batch) => perPair(vsepp(batch.images, batch.captions), batch);

/** Every other pair of the batch at once: CLIP, Radford et al. 2021. */
export const contrastive: Method = ({ images, captions }, { logScale }) => infoNce(images, captions, logScale);

/** With a network that tells photos from captions, which the towers learn to deceive: ACMR, Wang et al. 2017. */
export function adversarial(method: Method): Method {
  return (batch, params, progress) => {
    const weight = adversarialWeight * dannWeight(progress);
    const [a, b] = [reverseGradient(batch.images, weight), reverseGradient(batch.captions, weight)];
    const guessing = modalityLoss(a, b, (rows) => discriminate(params.discriminator, rows));
    return tf.add(method(batch, params, progress), guessing);
  };
}
