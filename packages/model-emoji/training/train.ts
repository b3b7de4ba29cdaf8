// Trains the model, prints a line for each epoch, and writes src/weights/. Started again, it goes on where it was stopped.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adamW, clampVariable, fit, movingAverage, optimizer } from '@diptych/alignment';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors, quantized } from '@diptych/checkpoint';
import { openLastGood } from '@diptych/checkpoint/node';
import { replaceFile } from '@diptych/files/node';
import { initializeModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import type { Variable } from '@tensorflow/tfjs-core';
import { modelType } from '../src/config.ts';
import { config } from '../src/weights/config.ts';
import { batchesOf } from './batches.ts';
import { sharedEmoji } from './emoji-data.ts';
import { objective, trainingSpec } from './objective.ts';
import { decays, recipe, schedule, sizeAt, total } from './recipe.ts';
import { readTrainingData } from './training-data.ts';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: sharedEmoji },
    run: { type: 'string', default: join(root, 'training/run') },
    out: { type: 'string', default: join(root, 'src/weights') },
  },
});

await useBackend('wasm');
await enableAutodiff();
const data = await readTrainingData(options.data);
const model = initializeModel(trainingSpec(config, data.emoji.length), recipe.seed);
const average = movingAverage(model.variables, { decay: 0.995, ramp: true });
const batches = batchesOf(config, data, recipe);
await mkdir(options.run, { recursive: true });
const state = join(options.run, 'state.safetensors');
const from = await openLastGood(state);
console.log(`${data.emoji.length} emoji, ${data.artworks.flat().length} pictures, ${model.size} values`);

const scales = [...model.variables].filter(([name]) => name.endsWith('logScale')).map(([, variable]) => variable);
let started = performance.now();
const epochs = fit({
  variables: model.variables,
  optimizer: optimizer(model.variables, adamW({ weightDecay: recipe.weightDecay, betas: [0.9, 0.98] }), { decays }),
  average,
  epochs: total,
  batches: (epoch) => batches(epoch, sizeAt(epoch)),
  loss: objective(config, model.params),
  schedule: schedule(),
  clipNorm: recipe.clipNorm,
  afterStep: () => scales.forEach((scale) => clampVariable(scale, 0, Math.log(100))),
  save: ({ tensors, metadata }) => replaceFile(state, encodeSafetensors(tensors, metadata)),
  ...(from && { from }),
});
for await (const { epoch, loss, learningRate } of epochs) {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `epoch ${epoch + 1}/${total}  loss ${loss.toFixed(3)}  rate ${learningRate.toExponential(1)}  ${seconds} s`,
  );
  started = performance.now();
}

average.swap();
await mkdir(options.out, { recursive: true });
await writeFile(join(options.out, 'model.safetensors'), encodeSafetensors([...model.variables].flatMap(kept)));
await writeFile(join(options.out, 'config.json'), `${JSON.stringify({ model_type: modelType, ...config }, null, 2)}\n`);

function kept([name, variable]: readonly [string, Variable]) {
  if (!/^(text|image|logScale)\b/.test(name)) return [];
  const tensor = { shape: variable.shape, data: variable.dataSync<'float32'>().slice() };
  return quantized(name, tensor, name === 'text.features' ? 'rows' : 'columns');
}
