import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { roundWeight } from '../src/loading/round-weight.ts';
import { seededRandom } from '@diptych/core';
import {
  conv2dSpec,
  fine,
  gatherRows,
  linear,
  linearSpec,
  loadModel,
  lookup,
  normal,
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

/** `[inputs, outputs]` of a stored `[outputs, inputs]`. */
const turned = Float32Array.from(weight, (_, at) => weight[(at % 40) * 30 + Math.floor(at / 40)]!);

describeBackends('weights in integers', (backend) => {
  test.each([
    ['int16', 2, 1 / 1672],
    ['int8', 1, 1 / 127],
  ] as const)('%s: the same values on every backend, in the memory it says', async (dtype, each, step) => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, fakeCheckpoint(arrays), table, { dtype });
      const onWeights = backend === 'wasm' ? each : 4;
      expect(model.bytes).toBe(onWeights * 1200 + each * 1500 + 4 * 50 + 4 * 40);
      expect(model.size).toBe(1200 + 1500 + 40);
      expect([...model.variables.keys()]).toEqual(['layer.bias']);
      expect(variablesOf(model.params)).toHaveLength(1);
      const expected = roundWeight(turned, [30, 40], dtype);
      const stored = model.params.layer.weight.dataSync<'float32'>();
      expectClose(stored, expected, 0);
      const largest = turned.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expectClose(stored, turned, step * largest);
    });
  });

  test.each([
    ['int16', 2e-3],
    ['int8', 2e-2],
  ] as const)('%s computes with what it stores', async (dtype, tolerance) => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, fakeCheckpoint(arrays), table, { dtype });
      const rows = tf.tidy(() => gatherRows(model.params.words, ids).dataSync<'float32'>());
      const exact = [3, 49, 3].flatMap((row) => [...words.subarray(30 * row, 30 * (row + 1))]);
      expectClose(rows, exact, tolerance);
      const run = () => linear(model.params.layer, tf.tensor2d(rows, [3, 30])).dataSync<'float32'>();
      const [out, again] = [tf.tidy(run), tf.tidy(run)];
      expect(again).toEqual(out);
      const weights = model.params.layer.weight.dataSync<'float32'>();
      const expected = [0, 1, 2].flatMap((row) =>
        Array.from({ length: 40 }, (_, column) => {
          let dot = bias[column]!;
          for (let k = 0; k < 30; k++) dot += rows[30 * row + k]! * weights[40 * k + column]!;
          return dot;
        }),
      );
      const size = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0) / expected.length);
      expectClose(out, expected, 5 * tolerance * size);
    });
  });

  test.each(['int16', 'int8'] as const)('%s: a filter has one factor for each channel', async (dtype) => {
    const values = normal(1)(9 * 16 * 5, random).map((value, i) => value * (1 + (Math.floor(i / 5) % 16)));
    await expectNoLeak(async () => {
      const checkpoint = fakeCheckpoint({ w: [[5, 16, 3, 3], values] });
      using model = await loadModel(
        { conv: conv2dSpec(3, 16, 5) },
        checkpoint,
        { names: { 'conv.weight': 'w' } },
        { dtype },
      );
      const stored = tf.tidy(() =>
        tf.transpose(tf.tensor4d(values, [5, 16, 3, 3]), [2, 3, 1, 0]).dataSync<'float32'>(),
      );
      const expected = roundWeight(stored, [144, 5], dtype, 16);
      expectClose(model.params.conv.weight.dataSync(), expected, 0);
    });
  });

  test('a fine layer of a model in int8 is in int16', async () => {
    await expectNoLeak(async () => {
      const fineSpec = { ...spec, layer: fine(spec.layer) };
      for (const [dtype, kept] of [
        ['int8', 'int16'],
        ['int16', 'int16'],
      ] as const) {
        using model = await loadModel(fineSpec, fakeCheckpoint(arrays), table, { dtype });
        expect(model.params.layer.weight.dataSync()).toEqual(roundWeight(turned, [30, 40], kept));
        const ofTable = dtype === 'int8' ? 1500 : 3000;
        expect(model.bytes).toBe((backend === 'wasm' ? 2 : 4) * 1200 + ofTable + 4 * 50 + 4 * 40);
      }
      using exact = await loadModel(fineSpec, fakeCheckpoint(arrays), table);
      expect(exact.params.layer.weight.dataSync()).toEqual(turned);
      expect([...exact.variables.keys()]).toContain('layer.weight');
    });
  });

  test('a row and a column of zeros stay zero, NaN makes its column NaN', async () => {
    const values = weight.slice();
    for (let k = 0; k < 30; k++) values[k] = 0;
    for (let j = 0; j < 40; j++) values[30 * j + 2] = 0;
    values[30 + 7] = NaN;
    const stored = fakeCheckpoint({ ...arrays, w: [[40, 30], values] });
    using model = await loadModel(spec, stored, table, { dtype: 'int8' });
    const got = model.params.layer.weight.dataSync<'float32'>();
    for (let k = 0; k < 30; k++) expect([got[40 * k], got[40 * k + 1]]).toEqual([0, NaN]);
    for (let j = 2; j < 40; j++) expect(got[80 + j]).toBe(0);
  });
});
