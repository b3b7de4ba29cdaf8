import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';

const wasm = {
  name: 'wasm',
  simd: true,
  threads: expect.any(Number),
  version: '4.22.0',
  kernels: expect.stringMatching(/simd$/),
  missing: expect.any(Array),
};
const cpu = { name: 'cpu', simd: false, threads: 1, missing: [], version: '4.22.0' };

describe('useBackend', () => {
  beforeEach(() => useBackend('wasm'));

  it('wasm is started and described', async () => {
    expect(await useBackend('wasm')).toEqual(wasm);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('switching back and forth keeps the tensors of both', async () => {
    const onWasm = tf.tensor1d([1, 2]);
    expect(await useBackend('cpu')).toEqual(cpu);
    const onCpu = tf.tensor1d([3, 4]);
    await useBackend('wasm');
    expect([...(await onWasm.data()), ...(await onCpu.data())]).toEqual([1, 2, 3, 4]);
    tf.dispose([onWasm, onCpu]);
  });

  it('calls at once take turns, and the last one wins', async () => {
    const infos = await Promise.all([useBackend('cpu'), useBackend('wasm'), useBackend('cpu'), useBackend('wasm')]);
    expect(infos).toEqual([cpu, wasm, cpu, wasm]);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('a thousand repeated calls leave no tensor and start nothing anew', async () => {
    const before = tf.memory();
    const backend = tf.backend();
    for (let i = 0; i < 1000; i++) await useBackend('wasm');
    expect(tf.backend()).toBe(backend);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  it('an unknown backend is refused with the cure, and the earlier one stays', async () => {
    await expect(useBackend('webgpu')).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /^webgpu: expected a registered backend \(.*wasm.*\), got none of that name; import its package first/,
      ),
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('a failed call does not block the next', async () => {
    const failed = useBackend('no such backend');
    const next = useBackend('cpu');
    await expect(failed).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    expect(await next).toEqual(cpu);
  });

  it('wasm paths cannot change once it started', async () => {
    await expect(useBackend('wasm', { wasmPaths: '/elsewhere/' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('/elsewhere/'),
    });
    expect(await useBackend('wasm')).toEqual(wasm);
  });
});
