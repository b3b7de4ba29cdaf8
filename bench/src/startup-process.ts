import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightType } from '@diptych/core';

/** What one process took. */
export interface StartUp {
  /** Milliseconds from its start to the first embedding. */
  readonly wall: number;
  /** The same of the processors. */
  readonly processor: number;
  /** What its memory grew by at most once the code was loaded, in sizes of the weights. */
  readonly memoryShare: number;
}

// `startup-process.ts <folder> <engine>`: one embedding, and what it took as JSON.
const [folder, engine] = process.argv.slice(2) as [string, string];
const { imageConfig } = await import('./clip-b32.ts');
const size = imageConfig.imageSize;
const pixels = new Float32Array(size * size * 3).map((_, i) => (i % 251) / 251);
const taken = await (engine === 'onnxruntime-web' ? onnx() : ours(engine));
const wall = performance.now();
const { user, system } = process.cpuUsage();
const memoryShare = (process.resourceUsage().maxRSS * 1024 - taken.before) / taken.bytes;
const result: StartUp = { wall, processor: (user + system) / 1000, memoryShare };
process.stdout.write(JSON.stringify(result), () => process.exit());

async function ours(type: string) {
  const { useBackend } = await import('@diptych/backend-wasm');
  const { openCheckpoint } = await import('@diptych/checkpoint');
  const { directory } = await import('@diptych/checkpoint/node');
  const { vit, vitSpec } = await import('@diptych/image-encoder');
  const { loadModel, parameters } = await import('@diptych/nn');
  const tf = await import('@tensorflow/tfjs-core');
  await useBackend('wasm', { threads: 1 });
  const before = process.memoryUsage.rss();
  const packed = type === 'int8, packed';
  const files = directory(packed ? join(folder, 'packed') : folder);
  const dtype = (packed ? 'int8' : type) as WeightType;
  const spec = vitSpec(imageConfig);
  const names = Object.fromEntries([...parameters(spec)].map(([path]) => [path, path]));
  const model = await loadModel(spec, await openCheckpoint(files), { names }, { dtype });
  const batch = { pixels, shape: [1, size, size, 3] } as const;
  tf.tidy(() => void vit(imageConfig, model.params).forward(batch).dataSync());
  return { before, bytes: model.bytes };
}

async function onnx() {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  const { onnxForward } = await import('./engines.ts');
  const before = process.memoryUsage.rss();
  const file = readFileSync(join(folder, 'model.onnx'));
  const forward = await onnxForward(runtime, file, 'image', 'wasm');
  const image = { pixels, shape: [1, size, size, 3] } as const;
  await forward({ image, text: { ids: new Int32Array(0), mask: new Int32Array(0), shape: [0, 0] } });
  return { before, bytes: file.length };
}
