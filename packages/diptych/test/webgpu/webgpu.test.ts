import { useBackend } from '@diptych/backend-wasm';
import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { expectClose, expectNoLeak, imageBatch, readTensors } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { open, type OpenOptions } from '../../src/index.ts';
import { autoBackend, largeModel } from '../../src/webgpu/auto-backend.ts';
import { createEmbedder } from '../../src/worker/create-embedder.ts';
import { toyWorker } from '../worker/start.ts';

async function openTiny(options: OpenOptions) {
  const names = ['config.json', 'model.safetensors'];
  const bytes = await Promise.all(names.map((name) => goldenBytes(`oracles/tiny_clip/${name}`)));
  return open(blobFiles(Object.fromEntries(names.map((name, i) => [name, new Blob([bytes[i]!])])), 'tiny'), options);
}

const large = { size: largeModel, dtype: 'float32', packed: false } as const;

describeGolden('models on webgpu', () => {
  it('open by name, say whose device computes, and leave nothing', async () => {
    const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
    const images = imageBatch(expected.get('in.pixel_values')!);
    const values = expected.get('quick_gelu.image_embeds')!.data as Float32Array;
    await useBackend('wasm');
    await expectNoLeak(async () => {
      using onWasm = await openTiny({});
      using onGpu = await openTiny({ backend: 'webgpu' });
      expect(onGpu.backend).toMatchObject({ name: 'webgpu', adapter: expect.stringContaining('swiftshader') });
      expect(onGpu.backend.missing).toEqual([]);
      for (const backend of ['webgpu', 'wasm']) {
        await useBackend(backend);
        // Each on its own, whatever is set, and at once.
        const both = await Promise.all([onWasm, onGpu, onWasm].map(async (space) => space.encode('image', images)));
        for (const rows of both) expectClose(rows.data, values, 1e-5);
        expect(tf.getBackend()).toBe(backend);
      }
    });
  });

  it('auto leaves a small model on wasm and says why', async () => {
    using space = await openTiny({ backend: 'auto' });
    expect(space.backend).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/million parameters, and webgpu/),
    });
  });
});

describe('auto', () => {
  it('takes no program for a graphics card', async () => {
    const byDefault = await useBackend('wasm');
    const { name, reason } = await autoBackend(large, byDefault);
    expect([name, reason]).toEqual(['wasm', expect.stringContaining('swiftshader, is a program')]);
  });

  it('takes a graphics card for a large model in float32', async () => {
    const byDefault = await useBackend('wasm');
    const request = navigator.gpu.requestAdapter.bind(navigator.gpu);
    const spy = vi.spyOn(navigator.gpu, 'requestAdapter').mockImplementation(async (options) => {
      const adapter = await request(options);
      const info = { vendor: 'some', architecture: 'card', isFallbackAdapter: false };
      return adapter && Object.defineProperty(adapter, 'info', { value: info });
    });
    try {
      expect(await autoBackend(large, byDefault)).toMatchObject({
        name: 'webgpu',
        adapter: 'some card',
        reason: expect.stringContaining('graphics card'),
      });
    } finally {
      spy.mockRestore();
      await useBackend('wasm');
    }
  });
});

it('a worker computes on webgpu as well', async () => {
  const worker = await toyWorker();
  const embedder = await createEmbedder({ model: 'toy', worker, backend: 'webgpu' });
  expect(embedder.backend).toMatchObject({ name: 'webgpu', adapter: expect.stringContaining('swiftshader') });
  expect([...(await embedder.embed('text', ['bb'], { normalize: false })).data]).toEqual([2, 98, 1]);
  embedder.dispose();
  await worker.terminate();
});
