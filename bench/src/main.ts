import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Arithmetic, useBackend } from '@diptych/backend-wasm';
import { vit, vitSpec } from '@diptych/image-encoder';
import { initializeModel, seededRandom } from '@diptych/nn';
import { clipText, clipTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig, textConfig } from './clip-b32.ts';
import { imageTower, type OnnxArithmetic, textTower } from './clip-onnx.ts';
import { compare } from './compare.ts';
import { type Batches, batches, type Forward, onnxForward } from './engines.ts';
import { interleave, median, processorClock, ratio, wallClock } from './interleave.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    towers: { type: 'string', default: 'image,text' },
    batches: { type: 'string', default: '1,8,32' },
    peers: { type: 'string', default: 'web,node' },
    arithmetic: { type: 'string', default: 'float32,int16,int8' },
    clock: { type: 'string', default: 'processor' },
    json: { type: 'string' },
  },
});

const info = await useBackend('wasm');
console.log(
  `node ${process.version}, V8 ${process.versions.v8}, ${cpus()[0]?.model}, one thread, ${options.clock} clock, kernels ${info.kernels}`,
);
console.log(`load before: ${loadavg().map((x) => x.toFixed(2))}`);

const random = seededRandom(7);
const results: object[] = [];
for (const tower of options.towers.split(',') as ('image' | 'text')[]) {
  const engines = await enginesOf(tower);
  for (const n of options.batches.split(',').map(Number)) await measure(tower, engines, batches(n, random));
}
console.log(`load after: ${loadavg().map((x) => x.toFixed(2))}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ info, node: process.version, results }, null, 2)}\n`);

async function measure(tower: 'image' | 'text', engines: ReadonlyMap<string, Forward>, batch: Batches): Promise<void> {
  const names = [...engines.keys()];
  const outputs = new Map<string, Float32Array>();
  const tasks = names.map((name) => async () => outputs.set(name, await engines.get(name)!(batch)));
  const times = await interleave(tasks, Number(options.rounds), options.clock === 'wall' ? wallClock : processorClock);
  const web = times[names.indexOf('onnxruntime-web')];
  for (const [i, name] of names.entries()) {
    const milliseconds = median(times[i]!);
    const speed = web && ratio(times[i]!, web);
    const agreement = compare(outputs.get(name)!, outputs.get('diptych')!, imageConfig.dim);
    results.push({ tower, batch: batch.image.shape[0], name, milliseconds, times: times[i], speed, agreement });
    console.log(
      [
        `${tower} b${batch.image.shape[0]}`.padEnd(10),
        name.padEnd(20),
        `${milliseconds.toFixed(1)} ms`.padStart(11),
        speed ? `${speed.median.toFixed(2)}x (${speed.low.toFixed(2)} to ${speed.high.toFixed(2)})` : '',
        `max |Δ| ${agreement.difference.toExponential(1)}`,
        `cosine ${agreement.cosine.toFixed(6)}, centred ${agreement.centred.toFixed(6)}`,
      ].join('  '),
    );
  }
}

/** Every engine with the same weights. */
async function enginesOf(tower: 'image' | 'text'): Promise<ReadonlyMap<string, Forward>> {
  const make = tower === 'image' ? imageModel : textModel;
  const engines = new Map<string, Forward>();
  for (const arithmetic of options.arithmetic.split(',') as Arithmetic[]) {
    // A model of its own, so that its weights are made for this arithmetic once.
    const { forward } = make();
    engines.set(arithmetic === 'float32' ? 'diptych' : `diptych ${arithmetic}`, async (batch) => {
      await useBackend('wasm', { arithmetic });
      return forward(batch);
    });
  }
  const { model, free } = make();
  const web = options.peers.includes('web') && (await import('onnxruntime-web'));
  if (web) {
    web.env.wasm.numThreads = 1;
    engines.set('onnxruntime-web', await onnxForward(web, model('float32'), tower, 'wasm'));
    if (options.arithmetic.includes('int8')) {
      engines.set('onnxruntime-web int8', await onnxForward(web, model('int8'), tower, 'wasm'));
    }
  }
  const native = options.peers.includes('node') && (await import('onnxruntime-node'));
  if (native) engines.set('onnxruntime-node', await onnxForward(native, model('float32'), tower, 'cpu'));
  free();
  return engines;
}

interface BenchModel {
  readonly forward: (batch: Batches) => Float32Array;
  readonly model: (arithmetic: OnnxArithmetic) => Uint8Array;
  readonly free: () => void;
}

function imageModel(): BenchModel {
  const loaded = initializeModel(vitSpec(imageConfig), 1);
  const encoder = vit(imageConfig, loaded.params);
  return {
    forward: ({ image }) => rows(() => encoder.forward(image)),
    model: (arithmetic) => imageTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

function textModel(): BenchModel {
  const loaded = initializeModel(clipTextSpec(textConfig), 2);
  const encoder = clipText(textConfig, loaded.params);
  return {
    forward: ({ text }) => rows(() => encoder.forward(text)),
    model: (arithmetic) => textTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

function rows(forward: () => tf.Tensor): Float32Array {
  return tf.tidy(() => forward().dataSync<'float32'>());
}
