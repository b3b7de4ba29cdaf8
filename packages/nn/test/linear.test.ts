import { describeGolden } from '@diptych/golden';
import {
  describeBackends,
  expectClose,
  expectNoLeak,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  initializeModel,
  l2Normalize,
  linear,
  linearSpec,
  loadModel,
  projectionSpec,
  scaledLinearSpec,
} from '../src/index.ts';

describeGolden('linear', () => {
  describeBackends('linear', () => {
    test('gives the image rows of VSE++', async () => {
      const expected = await readTensors('golden/vsepp/vsepp.safetensors');
      const checkpoint = await openGolden('golden/vsepp/vsepp.safetensors', (name) => name.startsWith('img.fc.'));
      await expectNoLeak(async () => {
        using model = await loadModel(linearSpec(20, 16), checkpoint, {
          names: { weight: 'img.fc.weight', bias: 'img.fc.bias' },
        });
        const features = () => tf.tensor2d([...numbers(expected, 'img.in')], [5, 20]);
        const rows = await valuesOf(() => l2Normalize(linear(model.params, features())));
        expectClose(rows, numbers(expected, 'img.out'), 1e-6);
      });
    });
  });
});

describeBackends('linear', () => {
  test('keeps the leading axes of what it is given', async () => {
    using model = initializeModel(linearSpec(3, 2), 1);
    await expectNoLeak(() => {
      tf.tidy(() => {
        expect(linear(model.params, tf.ones([3])).shape).toEqual([2]);
        expect(linear(model.params, tf.ones([4, 5, 3])).shape).toEqual([4, 5, 2]);
      });
    });
  });

  test('with LayerScale multiplies what it gives, bias and all, before the residual is added', async () => {
    using model = initializeModel(scaledLinearSpec(3, 2), 1);
    const { weight } = model.params;
    const [bias, layerScale] = [tf.tensor1d([1, -2]), tf.tensor1d([0.5, 3])];
    const [x, residual] = [tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[10, 20]])];
    const scaled = await valuesOf(() => linear({ weight, bias, layerScale }, x, { residual }));
    const plain = await valuesOf(() => tf.add(tf.mul(linear({ weight, bias }, x), layerScale), residual));
    expectClose(scaled, plain, 1e-6);
    tf.dispose([bias, layerScale, x, residual]);
  });

  test('without a bias sends zero to zero', async () => {
    using model = initializeModel(projectionSpec(3, 2), 1);
    expectClose(await valuesOf(() => linear(model.params, tf.zeros([1, 3]))), [0, 0], 0);
  });
});
