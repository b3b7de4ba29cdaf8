import { seededRandom } from '@diptych/core';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as losses from '../../src/index.ts';
import { randomRows } from '../rows.ts';

beforeAll(enableAutodiff);

const labels = [0, 0, 1, 1, 2, 0, 3];

const onePass: Readonly<Record<string, losses.PairLoss>> = {
  vse0: (a, b) => losses.vse0(a, b),
  vsepp: (a, b) => losses.vsepp(a, b),
  chunkedVsepp: (a, b) => losses.chunkedVsepp(a, b, 3),
  'vsepp of some': (a, b) => losses.vsepp(a, b, { negatives: 3, labels }),
  devise: (a, b) => losses.devise(a, b),
  infoNce: (a, b) => losses.infoNce(a, b, 1),
  chunkedInfoNce: (a, b) => losses.chunkedInfoNce(a, b, 1, 3),
  siglip: (a, b) => losses.siglip(a, b, 1, -1),
  chunkedSiglip: (a, b) => losses.chunkedSiglip(a, b, { logScale: 1, bias: -1 }, 3),
  multiPositive: (a, b) => losses.multiPositive(a, b, labels, 1),
  nPair: (a, b) => losses.nPair(a, b),
  supCon: (a, b) => losses.supCon(a, b, labels),
  multiSimilarity: (a, b) => losses.multiSimilarity(a, b, labels),
  circle: (a, b) => losses.circle(a, b, labels),
  'circle of the batch': (a, b) => losses.circle(a, b, labels, { over: 'batch' }),
  batchHardTriplet: (a, b) => losses.batchHardTriplet(a, b, { labels }),
  pairContrastive: (a, b) => losses.pairContrastive(a, b),
  barlowTwins: (a, b) => losses.barlowTwins(a, b),
  vicReg: (a, b) => losses.vicReg(a, b),
};

const rows = (seed: number) => tf.tensor2d(Float32Array.from(randomRows(7, 5, seededRandom(seed)).data), [7, 5]);

describeBackends('a loss in one pass', () => {
  it.each(Object.keys(onePass))('%s of rows that are not numbers is NaN', async (name) => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const wrong = tf.concat([tf.tensor2d([NaN, NaN, NaN, NaN, NaN], [1, 5]), tf.slice(rows(1), [1, 0])]);
        expect(onePass[name]!(wrong, rows(2)).dataSync()[0]).toBeNaN();
      });
    });
  });

  const refusing = Object.keys(onePass).filter((name) => name !== 'batchHardTriplet');
  // No check of leaks: TensorFlow.js keeps what it has recorded when anything throws.
  it.each(refusing)('%s refuses a gradient of its gradient', (name) => {
    tf.tidy(() => {
      const slope = (x: tf.Tensor) => tf.grad((a) => onePass[name]!(a as tf.Tensor2D, rows(2)))(x);
      const twice = () => tf.grad((x) => tf.sum(tf.square(slope(x))))(rows(1));
      expect(twice).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    });
  });

  it.each([0, 3, 5])('infoNce by exp(%i) is that of chunks, with its gradients', async (logScale) => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        // Rows are four times as long as unit ones.
        const [a, b] = [rows(1), rows(2)].map((x) => tf.mul<tf.Tensor2D>(x, 4));
        const [got, expected] = [losses.infoNce(a!, b!, logScale), losses.chunkedInfoNce(a!, b!, logScale, 3)];
        expect(got.dataSync()[0]! / expected.dataSync()[0]!).toBeCloseTo(1, 5);
        const slopes = [losses.infoNce, losses.chunkedInfoNce].map((loss) =>
          tf
            .grad((x) => loss(x as tf.Tensor2D, b!, logScale, 3))(a!)
            .dataSync(),
        );
        const largest = Array.from(slopes[1]!).reduce((most, slope) => Math.max(most, Math.abs(slope)), 1e-3);
        expectClose(slopes[0]!, slopes[1]!, 1e-5 * largest);
      });
    });
  });

  it('costs a triplet nothing where no negative is', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const two = tf.tensor2d([[0], [1]]);
        expectClose(losses.batchHardTriplet(two, two, { labels: [4, 4] }).dataSync(), [0], 0);
        // The pair of each is at 0, the other at 1.
        expectClose(losses.batchHardTriplet(two, two, { margin: 1.5 }).dataSync(), [0.5], 1e-6);
      });
    });
  });
});

describe('hinges of some of the hardest negatives', () => {
  it.each([2, 3, 7, 31, 60])('count %i as sorting says', (negatives) => {
    const n = 64;
    const scores = Float32Array.from(randomRows(n, n, seededRandom(negatives)).data).map(
      (value) => Math.round(20 * value) / 20,
    );
    const sorted = (query: number, candidate: number) => {
      let total = 0;
      for (let i = 0; i < n; i++) {
        const costs = Array.from({ length: n }, (_, j) => {
          const above = 0.2 + scores[i * query + j * candidate]! - scores[i * (n + 1)]!;
          return i === j ? 0 : Math.max(0, above);
        }).toSorted((x, y) => y - x);
        total += costs.filter((cost) => cost >= costs[negatives - 1]!).reduce((sum, cost) => sum + cost, 0);
      }
      return total;
    };
    tf.tidy(() => {
      const got = losses.hinge(tf.tensor2d(scores, [n, n]), { negatives, margin: 0.2 }).dataSync()[0]!;
      expect(got / (sorted(n, 1) + sorted(1, n))).toBeCloseTo(1, 5);
    });
  });
});
