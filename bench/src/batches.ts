import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import type { ImageBatch } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { convNets, images } from './conv-nets.ts';
import { interleave, median, processorClock, ratio } from './interleave.ts';

// What one image of a batch takes, in parts of what it takes alone: networks of convolutions of real size, one thread.
const { values: options } = parseArgs({
  options: {
    batch: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const n = Number(options.batch);
/** As many, so that neither is measured for much shorter than the other. */
const alone = Math.min(n, 8);

await useBackend('wasm', { threads: 1 });
for (const [name, { size, open }] of Object.entries(convNets)) {
  if (options.only !== undefined && options.only !== name) continue;
  using net = open();
  const forward = (batch: ImageBatch) => tf.tidy(() => void net.encoder.forward(batch).dataSync());
  const [one, many] = [images(1, size), images(n, size)];
  const tasks = [
    () => {
      for (let i = 0; i < alone; i++) forward(one);
    },
    () => forward(many),
  ];
  const [single, batched] = await interleave(tasks, Number(options.rounds), processorClock);
  const [each, inBatch] = [single!.map((time) => time / alone), batched!.map((time) => time / n)];
  const { median: share, low, high } = ratio(each, inBatch);
  const range = `${share.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  console.log(`${name}: ${median(each).toFixed(1)} ms alone, ${median(inBatch).toFixed(1)} ms of ${n}, ${range}`);
}
