import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';

test('gradients come with tfjs-layers, whose absence is said', async () => {
  expect(tf.getGradient(tf.BatchMatMul)).toBeUndefined();
  vi.doMock('@tensorflow/tfjs-layers', () => {
    throw new Error('not installed');
  });
  await expect(enableAutodiff()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  vi.doMock('@tensorflow/tfjs-layers', () => ({}));
  await expect(enableAutodiff()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  vi.doUnmock('@tensorflow/tfjs-layers');
  await enableAutodiff();
  expect(tf.getGradient(tf.BatchMatMul)).toBeDefined();
  await expect(enableAutodiff()).resolves.toBeUndefined();
});
