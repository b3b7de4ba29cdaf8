import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import { openCheckpoint } from '@diptych/checkpoint';
import type { WeightType } from '@diptych/core';
import { directory } from '@diptych/files/node';
import { vit, vitSpec } from '@diptych/image-encoder';
import { loadModel, parameters } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig } from './clip-b32.ts';
import { image, report } from './startup-report.ts';

// `startup-ours.ts <folder> <type of weights>`: one embedding, and what it took as JSON.
const [folder, type] = process.argv.slice(2) as [string, string];
await useBackend('wasm', { threads: 1 });
const before = process.memoryUsage.rss();
const packed = type === 'int8, packed';
const files = directory(packed ? join(folder, 'packed') : folder);
const dtype = (packed ? 'int8' : type) as WeightType;
const spec = vitSpec(imageConfig);
const names = Object.fromEntries([...parameters(spec)].map(([path]) => [path, path]));
const model = await loadModel(spec, await openCheckpoint(files), { names }, { dtype });
tf.tidy(() => void vit(imageConfig, model.params).forward(image).dataSync());
report(before, model.bytes);
