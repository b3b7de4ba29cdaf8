import { l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import * as losses from '../../src/index.ts';
import type { LossOracle } from './oracle.ts';

type Rows = tf.Tensor2D;

/** What a case is given besides the rows: learned scalars and arrays in the order of the file, labels, the teacher. */
export interface Given {
  readonly learned: readonly tf.Tensor[];
  readonly labels: LossOracle['inputs']['labels'];
  readonly teacher: losses.Pair;
}

type Loss = (a: Rows, b: Rows, given: Given) => tf.Scalar;

/** Every loss of the reference, as this package says it. */
export const cases: Readonly<Record<string, Loss>> = {
  vse0_sum_of_hinges: (a, b) => losses.vse0(a, b),
  vsepp_max_of_hinges: (a, b) => losses.vsepp(a, b),
  vse0_no_imgnorm: (a, b) => losses.vse0(a, l2Normalize(b)),
  order_max_of_hinges: (a, b) => losses.order(tf.abs(a), tf.abs(b)),
  devise_text_negatives_only: (a, b) => losses.devise(a, b),
  clip_infonce: (a, b, { learned }) => losses.infoNce(a, b, learned[0]!),
  clip_infonce_scale_clamped: (a, b, { learned }) => losses.infoNce(a, b, learned[0]!),
  siglip_sigmoid: (a, b, { learned }) => losses.siglip(a, b, learned[0]!, learned[1]!),
  clip_multi_positive_softtarget: (a, b, { learned, labels }) => losses.multiPositive(a, b, labels, learned[0]!),
  supcon_out: (a, b, { labels }) => losses.supCon(a, b, labels),
  supcon_in: (a, b, { labels }) => losses.supCon(a, b, labels, { mean: 'inside' }),
  nt_xent: (a, b) => losses.ntXent(a, b),
  n_pair: (a, b) => losses.nPair(a, b),
  n_pair_l2: (a, b) => losses.nPair(a, b, 0.02),
  circle_global: (a, b, { labels }) => losses.circle(a, b, labels, { margin: 0.25, over: 'batch' }),
  circle_per_anchor: (a, b, { labels }) => losses.circle(a, b, labels),
  multi_similarity: (a, b, { labels }) => losses.multiSimilarity(a, b, labels),
  proxy_anchor: (a, _, { learned, labels }) => losses.proxyAnchor(a, labels, learned[0] as Rows),
  proxy_nca: (a, _, { learned, labels }) => losses.proxyNca(a, labels, learned[0] as Rows),
  arcface: (a, _, { learned, labels }) => losses.arcFace(a, labels, learned[0] as Rows),
  hadsell_contrastive: (a, b) => losses.pairContrastive(a, b),
  triplet_euclidean_hard: (a, b) => losses.batchHardTriplet(a, b),
  barlow_twins: (a, b) => losses.barlowTwins(a, b),
  vicreg: (a, b) => losses.vicReg(a, b),
  alignment_uniformity: (a, b) => losses.alignmentUniformity(a, b),
  tinyclip_affinity_mimicking: (a, b, { learned, teacher }) => losses.affinityMimicking({ a, b }, teacher, learned[0]!),
  clip_kd_total: (a, b, { learned, teacher }) =>
    losses.clipKd({ a, b }, teacher, learned[0]!, { crossScale: learned[1]! }),
  mobileclip_multimodal_distill: (a, b, { learned, teacher }) =>
    losses.mobileClipDistillation({ a, b }, teacher, learned[0]!),
  feature_cosine_distill: (a, _, { teacher }) => losses.cosineDistillation(a, teacher.a),
  matryoshka_clip: (a, b, { learned }) =>
    losses.matryoshka(a, b, (x, y) => losses.infoNce(x, y, learned[0]!), { dims: [2, 3, 5] }),
  modality_discriminator_bce: (a, b, { learned: [weight, bias] }) =>
    losses.modalityLoss(a, b, (rows) => tf.add(tf.matMul(rows, weight as Rows), bias!)),
};
