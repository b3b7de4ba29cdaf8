import { expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './distillation.ts';
import { expectPairs } from './pairs.ts';
import { softmaxInPlace } from './plain-softmax.ts';
import { passOver } from './score-pass.ts';

export interface GistOptions {
  /** Cosines are divided by it; default 0.01. */
  readonly temperature?: number;
  /** What the guide finds nearer than a match less this is no negative; default 0. */
  readonly margin?: number;
  /** Whether the margin is taken off the guide's score, or is a part of it; default `absolute`. */
  readonly kind?: 'absolute' | 'relative';
}

/**
 * GISTEmbed, Solatorio 2024 (arXiv:2402.16829; `GISTEmbedLoss` of sentence-transformers): contrastive learning whose negatives a
 * guide has looked at, so that what it finds as near as the match itself is not pushed away. Negatives of a row of `a` are the other
 * rows of `b`, the other rows of `a`, and those of `b` near its own partner.
 *
 * @param rows `[n, d]` unit rows; row `i` of `b` matches row `i` of `a`.
 * @param guide `[n, any]` unit rows of the same items by a model that stays as it is; it gets no gradient.
 * @returns Mean cross-entropy over the rows of `a`, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when a pair differs in shape, or the guide in rows.
 */
export function gist(rows: Pair, guide: Pair, options: GistOptions = {}): tf.Scalar {
  const { temperature = 0.01, margin = 0, kind = 'absolute' } = expectMembers(options, 'gist: options');
  expectMembers(rows, 'gist: rows', 'a', 'b');
  expectMembers(guide, 'gist: guide', 'a', 'b');
  expectPairs(rows.a, rows.b);
  expectPairs(guide.a, guide.b);
  const [n] = rows.a.shape;
  expectTensor(guide.a, 'gist: guide', [n, guide.a.shape[1]]);
  const judged = tf.tidy(() => compared(guide).dataSync<'float32'>());
  return passOver(compared(rows), (scores, slopes, [, columns]) => {
    const logits = new Float64Array(columns);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const own = judged[i * columns + i]!;
      const limit = kind === 'absolute' ? own - margin : own * (1 - margin);
      for (let j = 0; j < columns; j++) {
        const out = j !== i && judged[i * columns + j]! > limit;
        logits[j] = out ? -Infinity : scores[i * columns + j]! / temperature;
      }
      const match = logits[i]!;
      total += softmaxInPlace(logits) - match;
      for (let j = 0; j < columns; j++) slopes[i * columns + j] = (logits[j]! - Number(j === i)) / (n * temperature);
    }
    return total / n;
  });
}

/** Each row of `a` with all of `b` and all of `a`, and its partner with all of `b`, `[n, 3n]`. */
function compared({ a, b }: Pair): tf.Tensor2D {
  return tf.concat([tf.matMul(a, b, false, true), tf.matMul(a, a, false, true), tf.matMul(b, b, false, true)], 1);
}
