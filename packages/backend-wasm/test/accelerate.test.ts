import { weightStoreOf } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { accelerate, kernelsOf } from '../src/accelerate.ts';
import { describeBackend } from '../src/backend-info.ts';
import { useBackend } from '../src/index.ts';
import { installKernels } from '../src/kernels/install-kernels.ts';
import type { WasmBackend } from '../src/kernels/tfjs-inside.ts';
import { selfCheck } from '../src/self-check.ts';
import { packed, runAll, store, tensorOf } from './kernels/run.ts';

beforeAll(() => useBackend('wasm'));
afterEach(() => vi.restoreAllMocks());

/** All that an installation may change. */
function state() {
  const { dispose, disposeData, wasm } = tf.backend() as tf.KernelBackend & { wasm: object };
  const kernels = tf
    .getKernelsForBackend('wasm')
    .map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc] as const);
  const malloc: unknown = Reflect.get(wasm, '_malloc');
  return { dispose, disposeData, malloc, weights: weightStoreOf(tf.backend()), kernels: new Map(kernels) };
}

/** Rooms of the backend's memory that were taken from now on and not given back. */
function countRooms(): { readonly left: () => number[] } {
  const { wasm } = tf.backend() as WasmBackend;
  const { asm, _free } = wasm;
  const rooms = new Set<number>();
  const malloc = (bytes: number) => {
    const at = asm.malloc(bytes);
    rooms.add(at >>> 0);
    return at;
  };
  const free = (at: number) => {
    rooms.delete(at >>> 0);
    _free(at);
  };
  Object.assign(wasm, { asm: { ...asm, malloc }, _free: free });
  return {
    left: () => {
      Object.assign(wasm, { asm, _free });
      return [...rooms];
    },
  };
}

const nothing = async () => undefined;

describe('kernels', () => {
  it('that cannot be read change nothing', async () => {
    const before = state();
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new WebAssembly.CompileError('no such instruction'));
    await expect(installKernels(tf.backend())).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/^kernels: expected to read and run .*\.wasm, got no such instruction$/),
    });
    expect(state()).toEqual(before);
  });

  it('that fail half-way change nothing', async () => {
    const before = state();
    const exports = {
      controlBytes: () => {
        throw new TypeError('broken');
      },
    };
    const broken = { exports, module: {}, instance: { exports } };
    vi.spyOn(WebAssembly, 'instantiate').mockResolvedValue(broken);
    await expect(installKernels(tf.backend())).rejects.toThrow(new TypeError('broken'));
    expect(state()).toEqual(before);
  });

  it('are taken away whole', async () => {
    const before = state();
    const { uninstall } = await installKernels(tf.backend());
    expect(state()).not.toEqual(before);
    uninstall();
    uninstall();
    expect(state()).toEqual(before);
  });

  it('give back what they took when they are taken away, and leave weights as they were', async () => {
    const counted = countRooms();
    const { uninstall, runtime } = await installKernels(tf.backend());
    const values = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i));
    const [stored, x] = [tf.tensor2d(values, [8, 12]), tf.ones([3, 12])];
    const pack = (dtype: 'float32' | 'int8') => tensorOf(store().pack(stored, { shape: [12, 8], dtype, asIs: false }));
    const weights = [pack('float32'), pack('int8')];
    const products = weights.map((weight) => runAll('DiptychLinear', { x, weight }, {})[0]!);
    expect(runtime.keptBytes).toBeGreaterThan(0);
    uninstall();
    expect(runtime.keptBytes).toBe(0);
    for (const weight of weights) {
      const got = tf.tidy(() => tf.transpose(weight).dataSync());
      expect(Math.max(...got.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(0.01);
    }
    tf.dispose([stored, x, ...weights, ...products]);
    expect(counted.left()).toEqual([]);
  });

  it('of two installations are taken away in turn, and each reads what the other packed', async () => {
    const product = (weight: tf.Tensor) =>
      tf.tidy(() => [...runAll('DiptychLinear', { x: tf.ones([1, 8]), weight }, {})[0]!.dataSync()]);
    const before = state();
    const one = await installKernels(tf.backend());
    const first = tf.tidy(() => packed(tf.ones([8, 3]), 'int8'));
    expect(product(first)).toEqual([8, 8, 8]);
    const between = state();
    const other = await installKernels(tf.backend());
    const second = tf.tidy(() => packed(tf.mul(tf.ones([8, 3]), 2), 'int8'));
    expect([product(first), product(second)]).toEqual([Array(3).fill(8), Array(3).fill(16)]);
    const both = state();
    expect(() => one.uninstall()).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', where: 'kernels' }));
    expect(state()).toEqual(both);
    other.uninstall();
    expect(state()).toEqual(between);
    expect([product(first), product(second)]).toEqual([Array(3).fill(8), Array(3).fill(16)]);
    one.uninstall();
    expect(state()).toEqual(before);
    expect([one.runtime.keptBytes, other.runtime.keptBytes]).toEqual([0, 0]);
    expect([product(first), product(second)]).toEqual([Array(3).fill(8), Array(3).fill(16)]);
    tf.dispose([first, second]);
  });

  it('that cannot run here are done without, and what describes the backend says why', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const before = state();
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new WebAssembly.CompileError('no such instruction'));
    await accelerate(tf.backend(), selfCheck);
    const { missing, kernels, threads } = await describeBackend();
    expect({ missing, kernels, threads }).toEqual({
      missing: [expect.stringMatching(/^kernels: .*no such instruction/)],
      kernels: undefined,
      threads: 1,
    });
    expect(warn).not.toHaveBeenCalled();
    expect(state()).toEqual(before);
  });

  it('that are broken are an error, and gone', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const before = state();
    const broken = async () => {
      throw new TypeError('not a function');
    };
    await expect(accelerate(tf.backend(), broken)).rejects.toThrow('not a function');
    expect(warn).not.toHaveBeenCalled();
    expect(state()).toEqual(before);
  });

  it('of a backend that is not tfjs-backend-wasm are done without', async () => {
    const other = new tf.KernelBackend();
    await accelerate(other, nothing);
    expect(kernelsOf(other).missing).toEqual([expect.stringContaining('expected the inside of tfjs-backend-wasm')]);
  });
});
