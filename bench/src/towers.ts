import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import type { ImageBatch, WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { compare } from './compare.ts';
import { convNets, images } from './conv-nets.ts';
import { type Forward, onnxForward } from './engines.ts';
import { interleave, median, processorClock, ratio, type Task } from './interleave.ts';
import { traceOnnx } from './trace-onnx.ts';
import { vitNets } from './vit-nets.ts';

// Image towers against onnxruntime-web in float32 with the same weights, norms and branches folded there as well.
const nets = { ...convNets, ...vitNets };
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(nets).join() },
    batches: { type: 'string', default: '1,8' },
    dtype: { type: 'string', default: 'float32,int8' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'string' },
  },
});

const { kernels } = await useBackend('wasm', { threads: 1 });
console.log(JSON.stringify({ node: process.version, kernels }));
const runtime = await import('onnxruntime-web');
runtime.env.wasm.numThreads = 1;
const dtypes = options.dtype.split(',') as WeightType[];
const results: object[] = [];

for (const name of options.only.split(',')) {
  const net = nets[name]!;
  using exact = await net.load('float32');
  const engines = new Map<string, Forward>();
  using loaded = new DisposableStack();
  for (const dtype of dtypes) {
    const { encoder } = loaded.use(await net.load(dtype));
    engines.set(dtype, ({ image }) => {
      let rows = new Float32Array();
      // An array that `tidy` gives is searched for tensors, value by value.
      tf.tidy(() => void (rows = encoder.forward(image).dataSync<'float32'>().slice()));
      return rows;
    });
  }
  for (const n of options.batches.split(',').map(Number)) {
    // Networks of convolutions take a large batch in parts, each of which is a graph: that of one image is of any number. Of a
    // transformer's batch the graph has the places of its class tokens.
    const traced = images(name in convNets ? 1 : n, net.size);
    const model = traceOnnx(traced, (batch) => exact.encoder.forward(batch));
    const peer = await onnxForward(runtime, model, 'image', 'wasm');
    await measure(name, new Map([['onnxruntime-web', peer], ...engines]), images(n, net.size));
  }
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);

async function measure(name: string, engines: ReadonlyMap<string, Forward>, image: ImageBatch): Promise<void> {
  const names = [...engines.keys()];
  const outputs: Float32Array[] = [];
  const batch = { image, text: { ids: new Int32Array(0), mask: new Int32Array(0), shape: [0, 0] as const } };
  const repeats = await repeatsOf(() => engines.get(names[0]!)!(batch));
  const tasks = names.map((engine, i) => async () => {
    for (let time = 0; time < repeats; time++) outputs[i] = await engines.get(engine)!(batch);
  });
  const times = await interleave(tasks, Number(options.rounds), processorClock);
  const n = image.shape[0];
  for (const [i, engine] of names.entries()) {
    const milliseconds = times[i]!.map((time) => time / repeats);
    const speed = ratio(times[i]!, times[0]!);
    const agreement = compare(outputs[i]!, outputs[0]!, outputs[0]!.length / n);
    results.push({ name, batch: n, engine, times: milliseconds, speed, agreement });
    console.log(
      `${name} b${n}`.padEnd(24),
      engine.padEnd(16),
      `${median(milliseconds).toFixed(1)} ms`.padStart(10),
      `${speed.median.toFixed(2)}x (${speed.low.toFixed(2)} to ${speed.high.toFixed(2)})`,
      `max |Δ| ${agreement.difference.toExponential(1)}`,
      `cosine ${agreement.cosine.toFixed(6)}, centred ${agreement.centred.toFixed(6)}`,
    );
  }
}

/** How often a task fits into 100 ms, since the clock of the processor moves in steps. */
async function repeatsOf(task: Task): Promise<number> {
  await task();
  const start = processorClock();
  await task();
  return Math.ceil(100 / Math.max(1, processorClock() - start));
}
