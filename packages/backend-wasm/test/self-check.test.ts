import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';

beforeAll(() => useBackend('cpu'));

/** A second cpu backend, whose matrix products are off by `error` in one place. */
function registerCpu(backendName: string, error: number): void {
  tf.registerBackend(backendName, () => new MathBackendCPU());
  const { kernelFunc } = tf.getKernel('BatchMatMul', 'cpu');
  tf.copyRegisteredKernels('cpu', backendName);
  tf.unregisterKernel('BatchMatMul', backendName);
  tf.registerKernel({
    kernelName: 'BatchMatMul',
    backendName,
    kernelFunc: (call) => {
      const product = kernelFunc(call) as tf.TensorInfo;
      const { values } = (call.backend as MathBackendCPU).data.get(product.dataId);
      (values as Float32Array)[0]! += error;
      return product;
    },
  });
}

it('a backend of the caller with right numbers is accepted', async () => {
  registerCpu('right', 0);
  const before = tf.memory().numTensors;
  expect(await useBackend('right')).toMatchObject({ name: 'right' });
  expect(tf.memory().numTensors).toBe(before);
  await useBackend('cpu');
});

it('a backend with wrong numbers is refused, leaves no tensor, and the earlier one stays', async () => {
  registerCpu('wrong', 0.01);
  const before = tf.memory().numTensors;
  await expect(useBackend('wrong')).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(/^wrong: computes wrong numbers here: expected 0\.\d+, got 0\.\d+/),
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(tf.getBackend()).toBe('cpu');
});

it('a backend that cannot start is refused with its reason', async () => {
  tf.registerBackend('dead', () => Promise.reject(new Error('no graphics card')));
  await expect(useBackend('dead')).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: "dead: expected to start, got no graphics card; use 'wasm'",
    cause: { message: 'no graphics card' },
  });
  expect(tf.getBackend()).toBe('cpu');
});
