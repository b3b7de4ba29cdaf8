import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { measureCnnTraining } from './cnn-training.ts';
import { convNets, images } from './conv-nets.ts';
import { interleave, median, processorClock, ratio } from './interleave.ts';
import { kernelSets } from './kernel-sets.ts';

// Networks of convolutions: inference against TensorFlow.js's own wasm kernels, a step of training against its cpu backend.
const { values: options } = parseArgs({
  options: {
    batches: { type: 'string', default: '1,8' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'string' },
  },
});

const sets = await kernelSets();
const results: object[] = [];
for (const name of ['ResNet-50', 'MobileNet v3 small']) {
  const { size, open } = convNets[name]!;
  // A network each: weights that both read would be packed anew in every round.
  const engines = [sets.ours, sets.stock].map((use) => ({ use, encoder: open().encoder }));
  for (const n of options.batches.split(',').map(Number)) {
    const batch = images(n, size);
    const outputs: Float32Array[] = [];
    const tasks = engines.map(({ use, encoder }, i) => () => {
      use();
      tf.tidy(() => void (outputs[i] = encoder.forward(batch).dataSync<'float32'>()));
    });
    const [ours, stock] = await interleave(tasks, Number(options.rounds), processorClock);
    const speed = ratio(ours!, stock!);
    const most = outputs[1]!.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const difference =
      outputs[0]!.reduce((far, value, i) => Math.max(far, Math.abs(value - outputs[1]![i]!)), 0) / most;
    results.push({ name, batch: n, times: [ours, stock], speed, difference });
    console.log(
      `${name} b${n}: ${lineOf('stock wasm', ours!, stock!)}, outputs differ by ${difference.toExponential(1)}`,
    );
  }
}
sets.ours();
const training = await measureCnnTraining(processorClock);
results.push({ name: 'training', ...training });
const [ours, cpu] = training.times;
console.log(
  `training step: ${lineOf('stock cpu', ours, cpu)}, gradients differ by ${training.difference.toExponential(1)}`,
);
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);

function lineOf(peer: string, base: readonly number[], other: readonly number[]): string {
  const { median: speed, low, high } = ratio(base, other);
  return (
    `${median(base).toFixed(1)} ms, ${peer} ${median(other).toFixed(1)} ms, ` +
    `${speed.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`
  );
}
