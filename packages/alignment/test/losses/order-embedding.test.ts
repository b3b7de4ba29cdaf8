import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { order, orderEmbedding } from '../../src/index.ts';

beforeAll(enableAutodiff);

const [n, d] = [6, 5];

/** Rows of length 1 without a negative value, as the paper has them. */
function rows(seed: number): number[] {
  const values = Array.from({ length: n * d }, (_, i) => Math.abs(Math.sin(seed + 1.7 * i * i)));
  return values.map((value, i) => {
    const row = values.slice(i - (i % d), i - (i % d) + d);
    return value / Math.hypot(...row);
  });
}

const [images, texts] = [rows(1), rows(2)];

/** The paper's, in double precision: `E(image, text) = ‖max(0, text - image)‖²`, all wrong pairs with each side. */
function reference(a: readonly number[], b: readonly number[], margin: number, labels?: readonly number[]): number {
  const violation = (image: number, text: number) =>
    Array.from({ length: d }, (_, k) => Math.max(0, b[text * d + k]! - a[image * d + k]!) ** 2).reduce((x, y) => x + y);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j || (labels && labels[i] === labels[j])) continue;
      total += Math.max(0, margin + violation(i, i) - violation(i, j));
      total += Math.max(0, margin + violation(i, i) - violation(j, i));
    }
  }
  return total;
}

const tensor = (values: readonly number[]) => tf.tensor2d([...values], [n, d]);

describeBackends('order embeddings', () => {
  it.each([0.05, 0.3])(
    'have the value of the paper with margin %d, and the slopes of central differences',
    async (margin) => {
      await expectNoLeak(() =>
        tf.tidy(() => {
          const { value, grads } = tf.valueAndGrads((a, b) =>
            orderEmbedding(a as tf.Tensor2D, b as tf.Tensor2D, { margin }),
          )([tensor(images), tensor(texts)]);
          expectClose(value.dataSync(), [reference(images, texts, margin)], 1e-5);
          const slopes = (values: readonly number[], at: (moved: readonly number[]) => number) =>
            values.map((_, i) => {
              const moved = (by: number) => at(values.map((one, k) => (k === i ? one + by : one)));
              return (moved(1e-6) - moved(-1e-6)) / 2e-6;
            });
          expectClose(
            grads[0]!.dataSync(),
            slopes(images, (moved) => reference(moved, texts, margin)),
            1e-4,
          );
          expectClose(
            grads[1]!.dataSync(),
            slopes(texts, (moved) => reference(images, moved, margin)),
            1e-4,
          );
        }),
      );
    },
  );

  it('take no row of the same label for a negative, and are not those of VSE++', () => {
    tf.tidy(() => {
      const labels = [0, 0, 1, 2, 1, 3];
      const [a, b] = [tensor(images), tensor(texts)];
      expectClose(orderEmbedding(a, b, { labels }).dataSync(), [reference(images, texts, 0.05, labels)], 1e-5);
      const all = order(a, b, { negatives: Infinity }).dataSync()[0]!;
      expect(Math.abs(all - orderEmbedding(a, b).dataSync()[0]!)).toBeGreaterThan(0.01);
    });
  });

  it('cost nothing where every text is above its own image alone', () => {
    tf.tidy(() => {
      const eye = tf.eye(n);
      expect(orderEmbedding(eye, eye).dataSync()[0]).toBe(0);
    });
  });
});
