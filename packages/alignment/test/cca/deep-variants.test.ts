import { given } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { deepCca, deepCcaAutoencoder, deepGcca, gcca } from '../../src/index.ts';
import { rows } from '../rows.ts';
// Made by tools/references/cca_variants.py, of scikit-learn and numpy.
import reference from './more-variants.json' with { type: 'json' };

const [x, y, w] = [rows(reference.x), rows(reference.y), rows(reference.w)];
const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });
const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });

describeBackends('deep CCA with autoencoders', () => {
  it('adds what reconstructions miss of the inputs', () => {
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d(reference.x), tf.tensor2d(reference.y)];
      const [c, d] = [tf.add<tf.Tensor2D>(a, 2), tf.mul<tf.Tensor2D>(b, 3)];
      const loss = deepCcaAutoencoder({ a, b }, { a: c, b: d }, { a, b }, { weight: 0.1 });
      const squares = y.data.reduce((sum, value) => sum + (2 * value) ** 2, 0) / 40;
      const expected = deepCca(a, b).dataSync()[0]! + 0.1 * (5 * 4 + squares);
      expectClose(loss.dataSync(), [expected], 1e-4);
    });
  });
});

describeBackends('deep generalised CCA', () => {
  const options = { components: 2, ridge: reference.deep_gcca.ridge };

  it("has the reference's value and slopes", async () => {
    await expectNoLeak(async () => {
      const { loss, slopes_first3rows: expected } = reference.deep_gcca;
      tf.tidy(() => {
        const views = [reference.x, reference.y, reference.w].map((values) => tf.variable(tf.tensor2d(values)));
        const { value, grads } = tf.variableGrads(() => deepGcca(views, options));
        expectClose(value.dataSync(), [loss], 1e-5);
        views.forEach((view, i) => {
          const slopes = grads[view.name]!.dataSync();
          expectClose(slopes.slice(0, 3 * view.shape[1]), expected[i]!.flat(), 1e-5);
          view.dispose();
        });
      });
    });
  });

  it('refuses what is no batch', () => {
    expect(() => deepGcca([given(tf.scalar(1))], options)).toThrow(mismatch);
    expect(() => deepGcca(given(5), options)).toThrow(invalid);
  });

  it('is gcca of the rows', async () => {
    const { values } = await gcca([x, y, w], { components: 2, ridge: options.ridge * 39 });
    const loss = tf.tidy(() => {
      const views = [reference.x, reference.y, reference.w].map((rowsOfView) => tf.tensor2d(rowsOfView));
      return deepGcca(views, options).dataSync()[0]!;
    });
    expect(loss).toBeCloseTo(-values[0]! - values[1]!, 5);
  });
});
