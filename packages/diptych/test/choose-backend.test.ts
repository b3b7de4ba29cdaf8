import { useBackend } from '@diptych/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { autoBackend, largeModel } from '../src/webgpu/auto-backend.ts';
import { openToy } from './toy.ts';

const large = { size: largeModel, dtype: 'float32', packed: false } as const;

/** A device of which only the name is asked. */
function stubAdapter(): void {
  const info = { vendor: 'some', architecture: '', description: 'card', isFallbackAdapter: false };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({ info }) } });
}

it('is the default one where none is set yet', async () => {
  expect(tf.getBackend()).toBeUndefined();
  using space = await openToy();
  expect(space.backend.name).toBe('wasm');
});

beforeEach(async ({ task }) => {
  if (!task.name.includes('none is set')) await useBackend('wasm');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('@tensorflow/tfjs-backend-webgpu');
});

describe('webgpu, asked for by name', () => {
  it('is refused without an adapter, and the earlier backend stays', async () => {
    await expect(openToy({ backend: 'webgpu' })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      where: 'webgpu',
      expected: 'an adapter of WebGPU',
      cure: "use 'wasm'",
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('is refused without its package, and the earlier backend stays', async () => {
    stubAdapter();
    vi.doMock('@tensorflow/tfjs-backend-webgpu', () => {
      throw new Error('not installed');
    });
    await expect(openToy({ backend: 'webgpu' })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      cure: 'npm install @tensorflow/tfjs-backend-webgpu',
    });
    expect(tf.getBackend()).toBe('wasm');
  });
});

describe('auto', () => {
  it('is wasm for an architecture that does not say how large it is', async () => {
    using space = await openToy({ backend: 'auto' });
    expect(space.backend.name).toBe('wasm');
  });

  it.each([
    [
      'a small model',
      { ...large, size: largeModel - 1 },
      /^80\.0 million parameters, and webgpu is taken from 80 million/,
    ],
    ['weights as our kernels read them', { ...large, packed: true }, /kernels of wasm/],
    ['weights in integers', { ...large, dtype: 'int8' } as const, /^int8 is multiplied as such/],
    ['no adapter', large, /no adapter/],
  ])('stays on the default for %s, with the reason', async (_, loading, reason) => {
    const byDefault = await useBackend('wasm');
    const { reason: got, ...info } = await autoBackend(loading, byDefault);
    expect(got).toMatch(reason);
    expect(info).toEqual(byDefault);
  });

  it('stays where webgpu does not start', async () => {
    stubAdapter();
    vi.doMock('@tensorflow/tfjs-backend-webgpu', () => {
      throw new Error('not installed');
    });
    const info = await autoBackend(large, await useBackend('wasm'));
    expect(info).toMatchObject({ name: 'wasm', reason: expect.stringContaining('npm install') });
  });
});
