import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors } from '@diptych/checkpoint';
import { vitSpec } from '@diptych/image-encoder';
import { initializeModel, parameters } from '@diptych/nn';
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
writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(arrays));
writeFileSync(join(folder, 'model.onnx'), imageTower(model.params, 'float32'));
