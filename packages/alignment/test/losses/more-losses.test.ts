import { given } from '@diptych/golden';
import { l2Normalize } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import * as losses from '../../src/index.ts';
// Made by tools/references/losses.py, of PyTorch.
import reference from './more-losses.json' with { type: 'json' };

beforeAll(enableAutodiff);

type Rows = tf.Tensor2D;
const { inputs, judged, margins, labels, logScale } = reference;
const guide = (): losses.Pair => ({ a: tf.tensor2d(inputs.guide_a), b: tf.tensor2d(inputs.guide_b) });
const gistOf = (options: losses.GistOptions) => (a: Rows, b: Rows) =>
  losses.gist({ a, b }, guide(), { temperature: 0.05, ...options });

const cases: Readonly<Record<keyof typeof reference.cases, (a: Rows, b: Rows, negatives: Rows) => tf.Scalar>> = {
  cosent: (a, b) => losses.cosent(a, b, judged),
  // The reference divides by the lengths of the rows.
  angle: (a, b) => losses.angle(l2Normalize(a), l2Normalize(b), judged),
  marginMse: (a, b, negatives) => losses.marginMse(a, b, negatives, margins),
  gist: gistOf({}),
  'gist, margin': gistOf({ margin: 0.1 }),
  'gist, relative': gistOf({ margin: 0.2, kind: 'relative' }),
  hardNegativeInfoNce: (a, b, negatives) => losses.hardNegativeInfoNce(a, b, negatives, logScale),
  'hardNegativeInfoNce, symmetric': (a, b, negatives) =>
    losses.hardNegativeInfoNce(a, b, negatives, logScale, { symmetric: true }),
  batchAllTriplet: (a, b) => losses.batchAllTriplet(a, b, { labels }),
  batchSemiHardTriplet: (a, b) => losses.batchSemiHardTriplet(a, b, { labels }),
};

function evaluated(name: keyof typeof cases): number[] {
  return tf.tidy(() => {
    const rows = [inputs.a, inputs.b, inputs.negatives].map((values) => tf.tensor2d(values));
    const loss = (...all: tf.Tensor[]) => {
      const [a, b, negatives] = all as [Rows, Rows, Rows];
      // A gradient is asked of every input, used by the loss or not.
      return tf.addN<tf.Scalar>([cases[name](a, b, negatives), ...all.map((x) => tf.mul<tf.Scalar>(tf.sum(x), 0))]);
    };
    const { value, grads } = tf.valueAndGrads(loss)(rows);
    return [value, ...grads].flatMap((one) => [...one.dataSync()]);
  });
}

describePrecisions({ double: 1e-9, single: 1e-4 }, (run, tolerance) => {
  it.each(Object.keys(cases) as (keyof typeof cases)[])('%s and its gradients', async (name) => {
    const { loss, gradients } = reference.cases[name];
    const expected = [loss, ...gradients.flat(2)];
    await expectNoLeak(() => {
      const got = run(() => evaluated(name));
      expectClose(got.slice(0, expected.length), expected, tolerance * Math.max(...expected.map(Math.abs)));
      expect(got.slice(expected.length).every((value) => value === 0)).toBe(true);
    });
  });
});

describeBackends('further losses', () => {
  it('cost nothing where nothing is to be learned', () => {
    tf.tidy(() => {
      const [a, far] = [
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
        tf.tensor2d([[9, 9]]),
      ];
      expect(losses.batchAllTriplet(a, a).dataSync()[0]).toBe(0);
      expect(losses.batchSemiHardTriplet(a, a).dataSync()[0]).toBe(0);
      expect(losses.batchSemiHardTriplet(far, far).dataSync()[0]).toBe(0);
      expect(losses.cosent(a, a, [1, 1]).dataSync()[0]).toBe(0);
      expect(losses.marginMse(a, a, a, [0, 0]).dataSync()[0]).toBe(0);
    });
  });

  it('stay NaN where a row is', () => {
    tf.tidy(() => {
      const [a, b] = [
        tf.tensor2d([
          [Number.NaN, 0],
          [0, 1],
        ]),
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ];
      for (const loss of [
        losses.batchAllTriplet(a, b),
        losses.cosent(a, b, [0, 1]),
        losses.gist({ a, b }, { a: b, b }),
      ])
        expect(loss.dataSync()[0]).toBeNaN();
    });
  });

  it('refuse an odd number of columns where halves are asked for, and other rows of a guide', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    tf.tidy(() => {
      const [odd, rows] = [tf.ones<tf.Rank.R2>([2, 3]), tf.ones<tf.Rank.R2>([3, 2])];
      expect(() => losses.angle(odd, odd, [0, 1])).toThrow(mismatch);
      expect(() => losses.gist({ a: odd, b: odd }, { a: rows, b: rows })).toThrow(mismatch);
      expect(() => losses.hardNegativeInfoNce(odd, odd, rows, 0)).toThrow(mismatch);
    });
  });

  it('remember the newest rows of earlier batches', async () => {
    await expectNoLeak(() => {
      using memory = losses.rowMemory({ capacity: 3, dim: 2 });
      tf.tidy(() => {
        expect(memory.rows().shape).toEqual([0, 2]);
        memory.add(
          tf.tensor2d([
            [1, 1],
            [2, 2],
          ]),
        );
        memory.add(
          tf.tensor2d([
            [3, 3],
            [4, 4],
          ]),
        );
        expect([...memory.rows().dataSync()]).toEqual([2, 2, 3, 3, 4, 4]);
        expect(memory.size).toBe(3);
        expect(() => memory.add(tf.ones([1, 3]))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      });
    });
    const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });
    expect(() => losses.rowMemory({ capacity: 0, dim: 2 })).toThrow(invalid);
    expect(() => losses.rowMemory(given(null))).toThrow(invalid);
  });
});
