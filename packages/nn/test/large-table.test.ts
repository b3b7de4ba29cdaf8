import type { Checkpoint } from '@diptych/core';
import { describeBackends, expectNoLeak, valuesOf } from '@diptych/testkit';
import { expect, test } from 'vitest';
import { gatherRows, loadModel, lookup, normal, variablesOf } from '../src/index.ts';

/** The vocabulary of SigLIP 2. */
const [rows, width] = [256_000, 768];
const spec = { words: lookup(rows, width, normal(1)) };

/** Every number of a row is the row's, up to a sign: codes are as large as they can be. */
const checkpoint: Checkpoint = {
  names: new Set(['words']),
  shape: () => [rows, width],
  read: () => Promise.reject(new Error('a whole table was read')),
  async readRange(_, [begin, end]) {
    const values = new Float32Array(end - begin);
    for (let i = 0; i < values.length; i++) values[i] = (i % 2 ? 1 : -1) * Math.floor((begin + i) / width);
    return values;
  },
};

describeBackends('a vocabulary of 256,000 rows of 768', () => {
  test.each(['int16', 'int8'] as const)('opens in %s', async (dtype) => {
    await expectNoLeak(async () => {
      using model = await loadModel(spec, checkpoint, { names: { words: 'words' } }, { dtype });
      expect(model.bytes).toBe(4 * rows + (dtype === 'int8' ? 1 : 2) * rows * width);
      expect(variablesOf(model.params)).toEqual([]);
      const found = await valuesOf(() => gatherRows(model.params.words, Int32Array.of(0, 1000, 255_999)));
      const corners = [0, width, 2 * width].flatMap((at) => [found[at]!, found[at + width - 1]!]);
      [0, 0, -1000, 1000, -255_999, 255_999].forEach((value, i) => {
        expect(Math.abs(corners[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      });
    });
  });
});
