import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';

it('wasm is started, verified and described', async () => {
  const info = await useBackend('wasm');
  expect(info).toEqual({ name: 'wasm', simd: true, threads: 1, version: '4.22.0' });
  expect(tf.getBackend()).toBe('wasm');
});
