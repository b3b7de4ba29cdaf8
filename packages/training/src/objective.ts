import { cachedGradients, type LossGradients, lossGradients } from '@diptych/alignment';
import * as tf from '@tensorflow/tfjs-core';
import type { DualBatch, DualPart, DualTraining } from './dual-batch.ts';
import { collapsedLoss, lossOf, type LossPlan, type Parts } from './losses/loss-plan.ts';

type Variables = DualTraining['variables'];

/**
 * What a loss is of batches, and its gradients.
 *
 * @param model In which the parameters of the loss stand.
 * @param variables Those of the towers and of the loss that the gradients are of.
 */
export function objective(
  loss: LossPlan,
  model: Parts,
  variables: Variables,
): Pick<DualTraining, 'gradients' | 'inspect'> {
  const whole = lossOf(loss, model);
  const trainable = new Map([...variables].filter(([, variable]) => variable.trainable));
  const own = [...trainable].filter(([name]) => /^(loss|adversary)\./.test(name));
  const encoder = new Map([...trainable].filter(([name]) => !own.some(([other]) => name === other)));
  const one = ({ parts, labels }: DualBatch, progress: number): LossGradients => {
    const ofRows = ([a, b]: readonly tf.Tensor2D[]) => whole({ rows: [a!, b!], labels, progress });
    const encode = (part: DualPart) => rowsOf(part, 'training');
    const [alone] = parts;
    if (parts.length === 1) return lossGradients(trainable, () => ofRows(encode(alone!)));
    return cachedGradients({ chunks: parts, encode, loss: ofRows, encoder, objective: new Map(own) });
  };
  return {
    gradients: (batches, progress) => meanOf(batches.map((batch) => () => one(batch, progress))),
    // With the statistics as they are: looking at a batch does not move them.
    inspect: ({ parts, labels }, progress) => {
      const seen = parts.map((part) => rowsOf(part, 'trained'));
      const rows = [0, 1].map((side) => tf.concat(seen.map((part) => part[side]!))) as [tf.Tensor2D, tf.Tensor2D];
      return { rows, collapsedLoss: collapsedLoss(loss, model, { rows, labels, progress }) };
    },
  };
}

function rowsOf({ images, texts }: DualPart, how: 'training' | 'trained'): readonly tf.Tensor2D[] {
  return [images(how), texts(how)];
}

/** One after the other, so that no more than the sums and one more are in memory. */
function meanOf(parts: readonly (() => LossGradients)[]): LossGradients {
  const [first, ...others] = parts;
  let { loss, gradients } = first!();
  for (const part of others) {
    const found = part();
    loss = tf.add(loss, found.loss);
    const sums = [...gradients].map(([name, sum]) => [name, plus(sum, found.gradients.get(name))] as const);
    const more = [...found.gradients].filter(([name]) => !gradients.has(name));
    gradients = new Map([...sums, ...more]);
  }
  if (others.length === 0) return { loss, gradients };
  const mean = <T extends tf.Tensor>(sum: T) => tf.div<T>(sum, parts.length);
  return { loss: mean(loss), gradients: new Map([...gradients].map(([name, sum]) => [name, mean(sum)])) };
}

/** In the place of both. */
function plus(sum: tf.Tensor, value: tf.Tensor | undefined): tf.Tensor {
  if (!value) return sum;
  const total = tf.add(sum, value);
  tf.dispose([sum, value]);
  return total;
}
