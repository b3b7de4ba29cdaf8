import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { expectNoLeak } from './leaks.ts';

/** What a caller may give for rows, `[3, 2]`, and the code of the error and what it says that it got. */
export const wrongTensors: Readonly<Record<string, readonly [make: () => unknown, code: string, got: string]>> = {
  null: [() => null, 'INPUT_INVALID', 'null'],
  'a number': [() => '5', 'INPUT_INVALID', '5'],
  'a list of lists': [() => [[1, 2]], 'INPUT_INVALID', '[[1,2]]'],
  integers: [() => tf.ones([3, 2], 'int32'), 'INPUT_INVALID', 'one of int32'],
  'a tensor disposed of': [disposed, 'INPUT_INVALID', 'one disposed of'],
  'three axes': [() => tf.ones([3, 2, 1]), 'SHAPE_MISMATCH', '[3,2,1]'],
  'one axis': [() => tf.ones([4]), 'SHAPE_MISMATCH', '[4]'],
};

function disposed(): tf.Tensor {
  const x = tf.ones([3, 2]);
  x.dispose();
  return x;
}

/** The call throws an `EmbeddingError` that says what `expected` does and where, what was expected and got, and leaks nothing. */
export async function expectRefusal(call: () => unknown, expected: object): Promise<void> {
  const fields = { name: 'EmbeddingError', where: expect.any(String), expected: expect.any(String), ...expected };
  await expectNoLeak(async () => {
    expect(() => tf.tidy(() => void call())).toThrow(expect.objectContaining(fields));
  });
}
