import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { useBackend } from '../../src/index.ts';
import { store } from './run.ts';

// One test file is one process or page: here the memory is not shared, and detaches whenever it grows.
beforeAll(async () => {
  const unshared = new URL('../../src/wasm/tfjs-backend-wasm-simd.wasm', import.meta.url);
  const wasmPaths = { 'tfjs-backend-wasm-simd.wasm': unshared, 'tfjs-backend-wasm-simd-shared.wasm': unshared };
  await useBackend('wasm', { wasmPaths });
});

const many = 6_000_000;

/** A tensor that is brought into the memory, which grows, when a kernel asks where it is. */
async function elsewhere(make: () => tf.Tensor): Promise<tf.Tensor> {
  await useBackend('cpu');
  const made = tf.tidy(make);
  await useBackend('wasm');
  return made;
}

it('one-hot rows of numbers from another backend', async () => {
  const indices = await elsewhere(() => tf.zeros([many], 'int32'));
  const rows = tf.oneHot(indices, 2);
  const sum = tf.tidy(() => tf.sum(rows, undefined, false).dataSync()[0]);
  expect(sum).toBe(many);
  tf.dispose([indices, rows]);
});

it('numbers written into a tensor of another backend', async () => {
  const to = await elsewhere(() => tf.zeros([3 * many]));
  store().bytesOf(to).fill(255, 4, 5);
  expect([...new Uint8Array(to.dataSync<'float32'>().slice(0, 3).buffer)]).toEqual([
    0,
    0,
    0,
    0,
    255,
    ...Array(7).fill(0),
  ]);
  to.dispose();
});
