// What one image and one text take on one thread in models that people use, with random weights of their shapes:
// `bench:models [part of a name…]`, which writes what it measured into `docs/model-times.json`.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@diptych/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { interleave, median, processorClock } from './interleave.ts';
import { type ModelTower, modelTowers } from './model-towers.ts';

const rounds = 7;
const dtypes = ['float32', 'int8'] as const;
const file = fileURLToPath(new URL('../../docs/model-times.json', import.meta.url));
const words = process.argv.slice(2);

await useBackend('wasm', { threads: 1 });
const models = { ...read().models };
for (const [name, towers] of Object.entries(modelTowers)) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const times: Record<string, Record<string, number>> = {};
  for (const [side, tower] of Object.entries<ModelTower>({ ...towers })) times[side] = await timesOf(tower);
  models[name] = times;
  console.log(name.padEnd(48), JSON.stringify(times), `load ${loadavg()[0]!.toFixed(1)}`);
}
const ordered = Object.fromEntries(
  Object.keys(modelTowers).flatMap((name) => (models[name] ? [[name, models[name]]] : [])),
);
const facts = { cpu: cpus()[0]?.model, node: process.version, unit: 'milliseconds', models: ordered };
writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);

function read(): { readonly models?: Record<string, Record<string, Record<string, number>>> } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Medians of the processor's time, the types in turn. */
async function timesOf(tower: ModelTower): Promise<Record<string, number>> {
  using loaded = new DisposableStack();
  const tasks: (() => void)[] = [];
  const counts: number[] = [];
  for (const dtype of dtypes) {
    const { forward: embed } = loaded.use(await tower(dtype));
    const forward = () => tf.tidy(() => void embed().dataSync());
    forward();
    const start = processorClock();
    forward();
    const repeats = Math.ceil(100 / Math.max(1, processorClock() - start));
    tasks.push(() => {
      for (let i = 0; i < repeats; i++) forward();
    });
    counts.push(repeats);
  }
  const times = await interleave(tasks, rounds, processorClock);
  return Object.fromEntries(dtypes.map((dtype, i) => [dtype, Number((median(times[i]!) / counts[i]!).toPrecision(3))]));
}
