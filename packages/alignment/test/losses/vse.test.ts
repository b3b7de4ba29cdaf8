import { describeGolden, goldenJson } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak, numbers, readTensors } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { hinge, infoNce, order, type PairLoss, vse0, vsepp, fallingNegatives } from '../../src/index.ts';
import { lossOracle } from './oracle.ts';

beforeAll(enableAutodiff);

const ofOriginal: Readonly<Record<string, PairLoss>> = {
  'cosine.sum': (a, b) => vse0(a, b),
  'cosine.max': (a, b) => vsepp(a, b),
  'order.sum': (a, b) => order(a, b, { negatives: Infinity, margin: 0.2 }),
  'order.max': (a, b) => order(a, b, { margin: 0.2 }),
};

describeGolden('ranking losses', () => {
  describeBackends('as the original VSE++ code gives them', () => {
    it.each(Object.keys(ofOriginal))('%s', async (name) => {
      const of = name.startsWith('order') ? Math.abs : Number;
      const arrays = await readTensors('golden/vsepp/vsepp.safetensors');
      const expected = await goldenJson<Readonly<Record<string, number>>>('golden/vsepp/vsepp.json');
      const array = (role: string) => numbers(arrays, `loss.${role}`);
      await expectNoLeak(() => {
        tf.tidy(() => {
          const inputs = ['im', 's'].map((role) => tf.tensor2d(array(role).map(of), [8, 16]));
          const { value, grads } = tf.valueAndGrads((a, b) => ofOriginal[name]!(a as tf.Tensor2D, b as tf.Tensor2D))(
            inputs,
          );
          expectClose(value.dataSync(), [expected[`loss.${name}`]!], 2e-5);
          expectClose(grads[0]!.dataSync(), array(`${name}.dim`), 1e-5);
          expectClose(grads[1]!.dataSync(), array(`${name}.ds`), 1e-5);
        });
      });
    });
  });

  describeBackends('by hand', () => {
    it('give the 2 x 2 example', async () => {
      const { hand_2x2: expected } = await lossOracle();
      await expectNoLeak(() => {
        tf.tidy(() => {
          const scores = tf.tensor2d(expected.scores.flat(), [2, 2]);
          expectClose(
            hinge(scores, { negatives: Infinity, margin: expected.margin }).dataSync(),
            [expected.vse0],
            1e-6,
          );
          expectClose(hinge(scores, { margin: expected.margin }).dataSync(), [expected.vsepp], 1e-6);
          const clip = infoNce(scores, tf.eye(2), Math.log(10));
          expectClose(clip.dataSync(), [expected.clip_scale_10], 1e-6);
        });
      });
    });
  });
});

describeBackends('ranking losses', () => {
  const one = () => tf.tile(tf.tensor2d([[0.6, 0.8]]), [128, 1]);

  it('of equal rows tell a collapse by their value', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        expect(vsepp(one(), one()).dataSync()[0]).toBeCloseTo(2 * 128 * 0.2, 3);
        expect(vse0(one(), one()).dataSync()[0]! / (2 * 128 * 127 * 0.2)).toBeCloseTo(1, 5);
        expect(infoNce(one(), one(), 2).dataSync()[0]).toBeCloseTo(Math.log(128), 5);
      });
    });
  });

  it('take no negative from the captions of one image', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const labels = Array.from({ length: 128 }, (_, i) => i >> 1);
        expect(vse0(one(), one(), { labels }).dataSync()[0]! / (2 * 128 * 126 * 0.2)).toBeCloseTo(1, 5);
        expect(vsepp(one(), one(), { labels: labels.map(() => 3) }).dataSync()).toEqual(Float32Array.of(0));
      });
    });
  });

  it('give the gradient to the first of equal negatives', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const gradient = tf.grad((scores) => hinge(scores as tf.Tensor2D, { margin: 0.2 }))(tf.zeros([3, 3]));
        // Rows choose columns 1, 0, 0; columns choose rows 1, 0, 0.
        expect([...gradient.dataSync()]).toEqual([-2, 2, 1, 2, -2, 0, 1, 0, -2]);
      });
    });
  });

  it('count the hardest negatives, from one to all', async () => {
    const scores = tf.tensor2d([
      [0.5, 0.4, 0.6, 0.2],
      [0.25, 0.5, 0.1, 0.45],
      [0.5, 0.2, 0.4, 0.3],
      [0.05, 0.6, 0.2, 0.3],
    ]);
    await expectNoLeak(() => {
      tf.tidy(() => {
        const of = (negatives: number) => {
          const loss = (x: tf.Tensor) => hinge(x as tf.Tensor2D, { negatives, margin: 0.2 });
          const { value, grad } = tf.valueAndGrad(loss)(scores);
          return [...value.dataSync(), ...grad.dataSync()];
        };
        // Rows: 0.1 + 0.3, 0.15 + 0, 0.3 + 0.1, 0.5 + 0.1; columns: 0.2 + 0, 0.3 + 0.1, 0.4 + 0, 0.35 + 0.2.
        expectClose(of(2).slice(0, 1), [3.1], 1e-6);
        expectClose(of(2).slice(1), [-3, 2, 2, 0, 0, -3, 0, 2, 2, 0, -3, 2, 0, 2, 1, -4], 1e-6);
        // The hardest: 0.3, 0.15, 0.3, 0.5; 0.2, 0.3, 0.4, 0.35.
        expectClose(of(1).slice(0, 1), [2.5], 1e-6);
        expectClose(of(1).slice(1), [-2, 0, 2, 0, 0, -2, 0, 2, 2, 0, -2, 0, 0, 2, 0, -2], 1e-6);
        expect(of(3)).toEqual(of(Infinity));
        expect(of(9)).toEqual(of(Infinity));
      });
    });
    scores.dispose();
  });

  it('are told to count all negatives at first, fewer by the same factor each step, one from three quarters on', () => {
    expect([0, 0.75, 0.9, 1].map((progress) => fallingNegatives(progress, 64))).toEqual([63, 1, 1, 1]);
    expect([0.25, 0.5].map((progress) => fallingNegatives(progress, 65))).toEqual([16, 4]);
    expect([0, 1].flatMap((progress) => [1, 2].map((size) => fallingNegatives(progress, size)))).toEqual([1, 1, 1, 1]);
  });

  it('refuse what does not match', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    tf.tidy(() => {
      expect(() => vsepp(one(), tf.zeros([4, 2]))).toThrow(mismatch);
      expect(() => vsepp(one(), one(), { labels: [1] })).toThrow(mismatch);
      const invalid = expect.objectContaining({ code: 'CONFIG_INVALID' });
      for (const negatives of [0, 1.5, NaN]) expect(() => vsepp(one(), one(), { negatives })).toThrow(invalid);
    });
  });
});
