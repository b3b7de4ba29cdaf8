import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  gatherRows,
  linear,
  linearSpec,
  loadModel,
  lookup,
  normal,
  param,
  seededRandom,
  variablesOf,
} from '../src/index.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';

const random = seededRandom(3);
const weight = normal(1)(40 * 30, random).map((value, i) => value * (1 + (i % 7)));
const bias = normal(1)(40, random);
const words = normal(1)(50 * 30, random);
const arrays = { w: [[40, 30], weight], b: [[40], bias], words: [[50, 30], words] } as const;
const spec = { words: lookup(50, 30, normal(1)), layer: linearSpec(30, 40) };
const table = { names: { words: 'words', 'layer.weight': 'w', 'layer.bias': 'b' } };
const ids = Int32Array.of(3, 49, 3);

describeBackends('compressed weights', () => {
  test.each([
    ['float16', 2 ** -11, 2 * (1200 + 1500)],
    ['int8', 0.5 / 127, 1200 + 1500 + 4 * (40 + 30)],
  ] as const)('%s stays within half a step, in the memory it says', async (dtype, step, bytes) => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, fakeCheckpoint(arrays), table, { dtype });
      expect(model.bytes).toBe(bytes + 4 * 40);
      expect(model.size).toBe(1200 + 1500 + 40);
      expect([...model.variables.keys()]).toEqual(['layer.bias']);
      expect(variablesOf(model.params)).toHaveLength(1);
      const stored = tf.tidy(() => tf.transpose(model.params.layer.weight).dataSync<'float32'>());
      const largest = Array.from({ length: 40 }, (_, row) =>
        weight.subarray(30 * row, 30 * (row + 1)).reduce((max, value) => Math.max(max, Math.abs(value)), 0),
      );
      weight.forEach((value, i) => {
        const limit = step * (dtype === 'int8' ? largest[Math.floor(i / 30)]! : Math.abs(value)) * 1.0001;
        expect(Math.abs(stored[i]! - value)).toBeLessThanOrEqual(limit);
      });
    });
  });

  test.each(['float16', 'int8'] as const)('%s computes with what it stores', async (dtype) => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, fakeCheckpoint(arrays), table, { dtype });
      const got = tf.tidy(() => {
        const rows = gatherRows(model.params.words, ids);
        return { rows: rows.dataSync<'float32'>(), out: linear(model.params.layer, rows).dataSync<'float32'>() };
      });
      const exact = [3, 49, 3].flatMap((row) => [...words.subarray(30 * row, 30 * (row + 1))]);
      expectClose(got.rows, exact, dtype === 'int8' ? 0.02 : 0.002);
      const weights = tf.tidy(() => model.params.layer.weight.dataSync<'float32'>());
      const expected = [0, 1, 2].flatMap((row) =>
        Array.from({ length: 40 }, (_, column) => {
          let dot = bias[column]!;
          for (let k = 0; k < 30; k++) dot += got.rows[30 * row + k]! * weights[40 * k + column]!;
          return dot;
        }),
      );
      expectClose(got.out, expected, 1e-4);
    });
  });

  test('each channel of a depthwise filter has a step of its own', async () => {
    const filters = Float32Array.from({ length: 18 }, (_, i) => (i % 2 ? 100 : 1) * Math.sin(i + 1));
    const depthwise = { filter: param([3, 3, 2, 1], normal(1)) };
    const stored = fakeCheckpoint({ filter: [[3, 3, 2, 1], filters] });
    using model = await loadModel(depthwise, stored, { names: { filter: 'filter' } }, { dtype: 'int8' });
    const got = tf.tidy(() => model.params.filter.dataSync<'float32'>());
    expectClose(
      [...got].filter((_, i) => i % 2 === 0),
      [...filters].filter((_, i) => i % 2 === 0),
      0.5 / 127,
    );
  });

  test('a list of weights is read as one of blocks is', async () => {
    const list = [param([2, 2], normal(1)), param([2, 2], normal(1))];
    const values = Float32Array.of(1, 0.5, -1, 0.25);
    const stored = fakeCheckpoint({ a: [[2, 2], values], b: [[2, 2], values] });
    using model = await loadModel(list, stored, { names: { '0': 'a', '1': 'b' } }, { dtype: 'float16' });
    expect(model.params).toHaveLength(2);
    tf.tidy(() => model.params.forEach((tensor) => expectClose(tensor.dataSync<'float32'>(), values, 0)));
  });

  test('a column of zeros stays zero', async () => {
    const zeros = { ...arrays, w: [[40, 30], new Float32Array(1200)] } as const;
    using model = await loadModel(spec, fakeCheckpoint(zeros), table, { dtype: 'int8' });
    expect([...tf.tidy(() => model.params.layer.weight.dataSync())].every((value) => value === 0)).toBe(true);
  });
});
