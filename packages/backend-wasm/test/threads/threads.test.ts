import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useBackend } from '../../src/index.ts';
import type { WeightType } from '@diptych/core';
import { kernelVariant } from '../../src/kernels/binary.ts';
import { type InstalledKernels, installKernels } from '../../src/kernels/install-kernels.ts';
import { randomNumbers, randomSizes } from '../kernels/random.ts';
import { packed, run, runAll } from '../kernels/run.ts';

const threads = [1, 2, 3];

/** Places where two results differ in a bit; NaN equals NaN. */
function differences(one: Float32Array, other: Float32Array): readonly number[] {
  const [a, b] = [new Int32Array(one.buffer), new Int32Array(other.buffer)];
  return Array.from(a.keys()).filter((i) => a[i] !== b[i]);
}

describe('threads', () => {
  let installed: InstalledKernels;

  beforeAll(async () => {
    await useBackend('wasm');
    installed = await installKernels(tf.backend(), kernelVariant());
  });

  afterAll(() => installed.uninstall());

  /** What `make` gives with each number of threads, all of which run. */
  async function withEach(make: () => tf.Tensor[]): Promise<Float32Array[][]> {
    const pool = installed.pool!;
    const all: Float32Array[][] = [];
    for (const count of threads) {
      pool.resize(count);
      await vi.waitFor(() => expect(pool.running).toBeGreaterThanOrEqual(count - 1), 30_000);
      const tensors = tf.memory().numTensors;
      all.push(tf.tidy(() => make().map((tensor) => tensor.dataSync<'float32'>())));
      expect(tf.memory().numTensors).toBe(tensors);
    }
    return all;
  }

  function expectSame([one, ...others]: Float32Array[][]): void {
    for (const other of others) other.forEach((numbers, i) => expect(differences(numbers, one![i]!)).toEqual([]));
  }

  it('the memory is shared, so there can be several', () => {
    expect(installed.pool).toBeDefined();
  });

  it.each(['float32', 'int16', 'int8'] as const satisfies WeightType[])(
    'linear layers in %s give the same bits, whatever their shape',
    async (dtype) => {
      const pick = randomSizes(1);
      const shapes = [
        [50, 768, 768],
        [1, 2048, 1003],
        [333, 257, 300],
        [1, 1, 1],
        [0, 8, 8],
        [700, 64, 33],
      ] as const;
      const picked = Array.from({ length: 6 }, () => [pick(1, 500), pick(1, 300), pick(1, 900)] as const);
      for (const [m, k, n] of [...shapes, ...picked]) {
        const numbers = randomNumbers(m + k + n);
        const [x, weight, bias, residual] = [numbers(m * k), numbers(k * n), numbers(n), numbers(m * n)];
        const inputs = () => ({
          x: tf.tensor2d(x, [m, k]),
          weight: packed(tf.tensor2d(weight, [k, n]), dtype),
          bias: tf.tensor1d(bias),
          residual: tf.tensor2d(residual, [m, n]),
        });
        expectSame(await withEach(() => [run('DiptychLinear', inputs(), { activation: 'gelu' })]));
        const columns = [n & 8, n & ~7] as const;
        const whole = { residual: undefined };
        expectSame(await withEach(() => [run('DiptychLinear', { ...inputs(), ...whole }, { columns })]));
      }
    },
  );

  it.each(['float32', 'int16', 'int8'] as const)('convolutions in %s give the same bits', async (dtype) => {
    const numbers = randomNumbers(3);
    const [x, filter] = [numbers(2 * 24 * 21 * 32), numbers(9 * 32 * 200)];
    expectSame(
      await withEach(() => {
        const kept = packed(tf.tensor4d(filter, [3, 3, 32, 200]), dtype);
        const inputs = { x: tf.tensor4d(x, [2, 24, 21, 32]), filter: kept };
        return [1, 2].map((stride) => run('DiptychConv2d', inputs, { stride, padding: 1, activation: 'relu' }));
      }),
    );
  });

  it('products of matrices, batched and transposed, give the same bits', async () => {
    const numbers = randomNumbers(2);
    const [a, b] = [numbers(3 * 120 * 200), numbers(3 * 130 * 200)];
    expectSame(
      await withEach(() => [tf.matMul(tf.tensor3d(a, [3, 120, 200]), tf.tensor3d(b, [3, 130, 200]), false, true)]),
    );
  });

  it.each([
    [1, 50, 12, 64],
    [5, 33, 3, 20],
    [1, 600, 1, 8],
    [300, 2, 2, 4],
    [0, 4, 2, 4],
  ])(
    'attention of [%i, %i] with %i heads of %i, and its gradient, give the same bits',
    async (n, length, heads, size) => {
      const numbers = randomNumbers(length);
      const [values, slopes] = [numbers(3 * n * length * heads * size), numbers(n * length * heads * size)];
      const mask = numbers(length * length);
      expectSame(
        await withEach(() => {
          const inputs = {
            qkv: tf.tensor3d(values, [n, length, 3 * heads * size]),
            mask: tf.tensor4d(mask, [1, 1, length, length]),
          };
          const dy = tf.tensor3d(slopes, [n, length, heads * size]);
          return [
            run('DiptychSelfAttention', inputs, { heads }),
            ...runAll('DiptychSelfAttentionGrad', { ...inputs, dy }, { heads }),
          ];
        }),
      );
    },
  );

  it('attention of items one after another gives the same bits', async () => {
    const lengths = [14, 1, 9, 23, 2];
    const qkv = randomNumbers(3)(49 * 3 * 40);
    const attend = () => run('DiptychSelfAttention', { qkv: tf.tensor3d(qkv, [1, 49, 120]) }, { heads: 4, lengths });
    expectSame(await withEach(() => [attend()]));
  });

  it('ten thousand jobs end, and leave nothing in the heap', async () => {
    installed.pool!.resize(3);
    const [x, weight] = [tf.ones([64, 128]), tf.ones([128, 256])];
    const job = () => run('DiptychLinear', { x, weight }, {}).dispose();
    job();
    const before = { kept: installed.runtime.keptBytes, heap: installed.runtime.memory.buffer.byteLength };
    for (let i = 0; i < 10_000; i++) job();
    const after = { kept: installed.runtime.keptBytes, heap: installed.runtime.memory.buffer.byteLength };
    expect(after).toEqual(before);
    const y = run('DiptychLinear', { x, weight }, {});
    expect(y.dataSync().every((value) => value === 128)).toBe(true);
    tf.dispose([x, weight, y]);
  });

  it('useBackend says how many there are, and changes them', async () => {
    expect(await useBackend('wasm', { threads: 3 })).toMatchObject({ threads: 3 });
    expect(await useBackend('wasm')).toMatchObject({ threads: 3 });
    expect(await useBackend('wasm', { threads: 1 })).toMatchObject({ threads: 1 });
  });

  it.each([0, 1.5, -1, NaN, 65])('%d threads are refused', async (count) => {
    await expect(useBackend('wasm', { threads: count })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`got ${count}`),
    });
  });
});
