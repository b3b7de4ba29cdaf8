import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors, openCheckpoint } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { vitSpec } from '@diptych/image-encoder';
import { initializeModel, loadModel, packedNotes, parameters } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig } from './clip-b32.ts';
import { imageTower } from './clip-onnx.ts';

// `startup-files.ts <folder>`: the image tower with random weights, in the layouts of PyTorch and as ONNX.
const folder = process.argv[2]!;
await useBackend('wasm');
const spec = vitSpec(imageConfig);
const model = initializeModel(spec, 1);
const arrays = [...parameters(spec)].map(([path, { fromTorch }]) => {
  const variable = model.variables.get(path)!;
  const axes = fromTorch?.map((_, axis) => fromTorch.indexOf(axis));
  const stored = tf.tidy(() => (axes ? tf.transpose(variable, axes) : tf.clone(variable)));
  const array = { shape: stored.shape, data: stored.dataSync<'float32'>() };
  stored.dispose();
  return [path, array] as const;
});
const packed = new Map<string, StoredTensor>();
const files = blobFiles({ 'model.safetensors': new Blob([encodeSafetensors(arrays)]) }, 'bench');
const names = Object.fromEntries(arrays.map(([path]) => [path, path]));
const onPacked = (name: string, tensor: StoredTensor) => void packed.set(name, tensor);
using converted = await loadModel(spec, await openCheckpoint(files), { names }, { dtype: 'int8', onPacked });
console.log(converted.bytes);
mkdirSync(join(folder, 'packed'));
writeFileSync(join(folder, 'packed/model.safetensors'), encodeSafetensors(packed, packedNotes('int8')));
writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(arrays));
writeFileSync(join(folder, 'model.onnx'), imageTower(model.params, 'float32'));
