import { describeGolden } from '@diptych/golden';
import { l2Normalize } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { chunkedInfoNce, chunkedSiglip, chunkedVsepp, infoNce, siglip, vsepp } from '../../src/index.ts';
import { lossOracle } from './oracle.ts';

beforeAll(enableAutodiff);

type Inputs = readonly [a: tf.Tensor2D, b: tf.Tensor2D, logScale: tf.Tensor, bias: tf.Tensor];
type Loss = (inputs: Inputs, chunk: number) => tf.Scalar;

/** Each next to the loss that it is to equal. */
const losses: Readonly<Record<string, readonly [chunked: Loss, whole: Loss]>> = {
  infoNce: [([a, b, s], chunk) => chunkedInfoNce(a, b, s, chunk), ([a, b, s]) => infoNce(a, b, s)],
  siglip: [
    ([a, b, logScale, bias], chunk) => chunkedSiglip(a, b, { logScale, bias }, chunk),
    ([a, b, logScale, bias]) => siglip(a, b, logScale, bias),
  ],
  vsepp: [([a, b], chunk) => chunkedVsepp(a, b, chunk), ([a, b]) => vsepp(a, b)],
  'vsepp with labels': [
    ([a, b], chunk) => chunkedVsepp(a, b, chunk, { labels: [0, 0, 1, 1, 2, 0] }),
    ([a, b]) => vsepp(a, b, { labels: [0, 0, 1, 1, 2, 0] }),
  ],
};

describeGolden('a loss in chunks', () => {
  describePrecisions({ double: 1e-14, single: 1e-6 }, (run, tolerance) => {
    it.each(Object.keys(losses).flatMap((name) => [1, 2, 4, 6].map((chunk) => [name, chunk] as const)))(
      '%s by %i equals the whole, with its gradients',
      async (name, chunk) => {
        const { inputs } = await lossOracle();
        const evaluate = (loss: Loss) =>
          tf.tidy(() => {
            const rows = [inputs.img, inputs.txt].map((values) => tf.tensor2d(values.flat(), [6, 5]));
            // Gradients are asked of all, used or not.
            const f = (...given: tf.Tensor[]) =>
              tf.addN<tf.Scalar>([
                tf.mul(loss(given as readonly tf.Tensor[] as Inputs, chunk), 0.5),
                ...given.map((x) => tf.mul<tf.Scalar>(tf.sum(x), 0)),
              ]);
            const { value, grads } = tf.valueAndGrads(f)([...rows, tf.scalar(2), tf.scalar(-3)]);
            return [value, ...grads].flatMap((tensor) => [...tensor.dataSync()]);
          });
        await expectNoLeak(() => {
          const [got, expected] = losses[name]!.map((loss) => run(() => evaluate(loss)));
          expectClose(got!, expected!, tolerance);
        });
      },
    );
  });
});

describeBackends('a loss in chunks', () => {
  it('equals the whole on 300 rows, the last chunk ragged', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const [a, b] = [1, 2].map((seed) => l2Normalize(tf.randomNormal<tf.Rank.R2>([300, 16], 0, 1, 'float32', seed)));
        const [got, expected] = [chunkedInfoNce(a!, b!, 3, 64), infoNce(a!, b!, 3)].map((loss) => loss.dataSync()[0]!);
        expect(Math.abs(got! / expected! - 1)).toBeLessThan(1e-6);
        const hinges = [chunkedVsepp(a!, b!, 64), vsepp(a!, b!)].map((loss) => loss.dataSync()[0]!);
        expect(Math.abs(hinges[0]! / hinges[1]! - 1)).toBeLessThan(1e-6);
      });
    });
  });
});

it.each([0, -1, 1.5, NaN])('a chunk of %d columns is refused', (chunk) => {
  for (const [chunked] of Object.values(losses)) {
    tf.tidy(() => {
      const rows = tf.ones<tf.Rank.R2>([6, 5]);
      const run = () => chunked([rows, rows, tf.scalar(1), tf.scalar(0)], chunk);
      expect(run).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    });
  }
});
