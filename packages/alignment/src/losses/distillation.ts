import { expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, divergence, matching } from './cross-entropy.ts';
import { infoNce, maxScale } from './info-nce.ts';
import { ownLabels } from './label-masks.ts';
import { expectPairs, pairScores, scaleOf, total } from './pairs.ts';

/** Unit rows of both modalities from one model, `[n, d]`; row `i` matches row `i`. */
export interface Pair {
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
}

/**
 * Affinity mimicking of TinyCLIP, Wu et al. 2023, arXiv:2309.12314; open_clip's `DistillClipLoss`: cross-entropy of the
 * student's affinities with the teacher's, in both directions. Student and teacher may differ in dimension.
 *
 * @param logScale Of the student, as of `infoNce`.
 * @param teacherScale What the teacher's cosines are multiplied by.
 * @returns Mean over rows and both directions, in nats.
 */
export function affinityMimicking(
  student: Pair,
  teacher: Pair,
  logScale: tf.Tensor | number,
  teacherScale: number = maxScale,
): tf.Scalar {
  return mimic(student, teacher, logScale, teacherScale, (logits, target) => crossEntropy(logits, tf.softmax(target)));
}

/** The same as a Kullback-Leibler divergence: 0 when the student has the teacher's affinities (CRD of CLIP-KD). */
export function affinityDivergence(
  student: Pair,
  teacher: Pair,
  logScale: tf.Tensor | number,
  teacherScale: number = maxScale,
): tf.Scalar {
  return mimic(student, teacher, logScale, teacherScale, divergence);
}

/** `(1 - weight) · infoNce + weight · affinityDivergence` of MobileCLIP, Vasu et al. 2024, arXiv:2311.17049. */
export function mobileClipDistillation(
  student: Pair,
  teacher: Pair,
  logScale: tf.Tensor | number,
  options: { readonly weight?: number; readonly teacherScale?: number } = {},
): tf.Scalar {
  const { weight = 0.75, teacherScale = maxScale } = expectMembers(options, 'mobileClipDistillation: options');
  expectBoth(student, teacher);
  const task = infoNce(student.a, student.b, logScale);
  return tf.add(tf.mul(task, 1 - weight), tf.mul(affinityDivergence(student, teacher, logScale, teacherScale), weight));
}

/** Mean of `1 - cosine` of student and teacher rows of one modality, both of unit length. */
export function cosineDistillation(student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Scalar {
  expectPairs(student, teacher);
  return tf.sub(1, tf.mean(tf.sum(tf.mul(student, teacher), -1)));
}

export interface ClipKdOptions {
  /** Multiplies the student's cosines with the teacher's gallery; not an exponent, as in the released code. */
  readonly crossScale: tf.Tensor | number;
  /** Default 100. */
  readonly teacherScale?: number;
  /** Weight of the squared distances of features; default 2000. */
  readonly features?: number;
}

/**
 * CLIP-KD, Yang et al. 2024, arXiv:2307.12732: the task, the distance of features, the student's rows against the
 * teacher's gallery, and the divergence of affinities. Student and teacher have one dimension.
 *
 * @param logScale Of the student, as of `infoNce`.
 */
export function clipKd(student: Pair, teacher: Pair, logScale: tf.Tensor | number, options: ClipKdOptions): tf.Scalar {
  const {
    crossScale,
    teacherScale = maxScale,
    features = 2000,
  } = expectMembers(options, 'clipKd: options', 'crossScale');
  expectBoth(student, teacher);
  const own = ownLabels(student.a.shape[0]);
  const across = (x: tf.Tensor2D, y: tf.Tensor2D) => matching(tf.mul(pairScores(x, y), crossScale), own, false);
  const distance = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.div(total(tf.squaredDifference(x, y)), x.size);
  return tf.addN<tf.Scalar>([
    infoNce(student.a, student.b, logScale),
    tf.mul(tf.add(distance(student.a, teacher.a), distance(student.b, teacher.b)), features),
    tf.div(tf.add(across(student.a, teacher.b), across(student.b, teacher.a)), 2),
    affinityDivergence(student, teacher, logScale, teacherScale),
  ]);
}

function mimic(
  student: Pair,
  teacher: Pair,
  logScale: tf.Tensor | number,
  teacherScale: number,
  loss: (logits: tf.Tensor2D, target: tf.Tensor2D) => tf.Scalar,
): tf.Scalar {
  expectBoth(student, teacher);
  const logits = tf.mul<tf.Tensor2D>(pairScores(student.a, student.b), scaleOf(logScale, maxScale));
  const target = tf.mul<tf.Tensor2D>(pairScores(teacher.a, teacher.b), teacherScale);
  return tf.div(tf.add<tf.Scalar>(loss(logits, target), loss(tf.transpose(logits), tf.transpose(target))), 2);
}

/** As many rows of the teacher as of the student, perhaps of another width. */
function expectBoth(student: Pair, teacher: Pair): void {
  for (const [name, pair] of Object.entries({ student, teacher })) {
    expectMembers(pair, `loss: ${name}`, 'a', 'b');
    expectPairs(pair.a, pair.b);
  }
  expectTensor(teacher.a, 'loss: teacher', [student.a.shape[0], 'd']);
}
