import { type BackendInfo, useBackend } from '@diptych/backend-wasm';
import { EmbeddingError, type WeightType } from '@diptych/core';
import type { BenchMessage } from './bench.ts';
import { type BenchModelName, benchModels } from './bench-models.ts';
import { type Tower, tower, type TowerName } from './bench-towers.ts';

const batches = [1, 8];
/** Each row is measured at least as often, and as long: times of few milliseconds are measured often. */
const [leastRounds, leastMilliseconds] = [3, 500];

const post = (message: BenchMessage) => globalThis.postMessage(message);

globalThis.addEventListener('message', ({ data }: MessageEvent<BenchModelName>) => {
  measure(data).then(
    () => post({ kind: 'done' }),
    (error: unknown) => post({ kind: 'failed', why: String(error) }),
  );
});

async function measure(model: BenchModelName): Promise<void> {
  // Whoever starts with one thread has one for good.
  const { threads: most } = await useBackend('wasm');
  for (const name of ['image', 'text'] as const) {
    for (const dtype of ['float32', 'int8'] as const) {
      using made = await tower(name, benchModels[model], dtype);
      for (const threads of most > 1 ? [1, most] : [1]) {
        await rows(made, { name, dtype, info: await useBackend('wasm', { threads }) });
      }
    }
  }
  if ('gpu' in navigator) await onWebgpu(model);
}

async function onWebgpu(model: BenchModelName): Promise<void> {
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
    const info = await useBackend('webgpu');
    for (const name of ['image', 'text'] as const) {
      using made = await tower(name, benchModels[model], 'float32');
      await rows(made, { name, dtype: 'float32', info });
    }
  } catch (error) {
    // A browser may know WebGPU and have no adapter.
    if (!(error instanceof EmbeddingError && error.code === 'BACKEND_UNAVAILABLE')) throw error;
  }
}

interface Setting {
  readonly name: TowerName;
  readonly dtype: WeightType;
  readonly info: BackendInfo;
}

async function rows(made: Tower, { name, dtype, info }: Setting): Promise<void> {
  for (const batch of batches) {
    await made.run(batch);
    const times: number[] = [];
    for (
      const begin = performance.now();
      times.length < leastRounds || performance.now() - begin < leastMilliseconds;
    ) {
      const start = performance.now();
      await made.run(batch);
      times.push(performance.now() - start);
    }
    const milliseconds = times.toSorted((a, b) => a - b)[times.length >> 1]! / batch;
    const { name: backend, kernels, threads } = info;
    post({
      kind: 'row',
      row: { tower: name, batch, dtype, backend, kernels, threads, milliseconds, rounds: times.length },
    });
  }
}
