import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import type { WeightType } from '@diptych/core';
import { mergedTransformer, vit, vitSpec } from '@diptych/image-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig } from './clip-b32.ts';
import { images } from './conv-nets.ts';
import { interleave, median, processorClock, ratio } from './interleave.ts';
import { loadedModel } from './models.ts';

// ViT-B/16 with random weights, whose blocks merge tokens, against the same that merges none: in one run, one thread, processor time.
const { values: options } = parseArgs({
  options: {
    counts: { type: 'string', default: '8,16' },
    batches: { type: 'string', default: '1,8' },
    dtype: { type: 'string', default: 'float32,int8' },
    rounds: { type: 'string', default: '7' },
  },
});
const numbers = (text: string) => text.split(',').map(Number);
const config = { ...imageConfig, patchSize: 16 };
const { kernels } = await useBackend('wasm', { threads: 1 });
console.log(JSON.stringify({ node: process.version, kernels }));

for (const dtype of options.dtype.split(',') as WeightType[]) {
  using model = await loadedModel(vitSpec(config), { seed: 1, dtype });
  const counts = [0, ...numbers(options.counts)];
  const towers = counts.map((count) =>
    count === 0 ? vit(config, model.params) : vit(config, model.params, mergedTransformer(config, count)),
  );
  for (const n of numbers(options.batches)) {
    const batch = images(n, config.imageSize);
    const tasks = towers.map((tower) => () => tf.tidy(() => void tower.forward(batch).dataSync()));
    const times = await interleave(tasks, Number(options.rounds), processorClock);
    for (const [i, count] of counts.entries()) {
      const { median: speed, low, high } = ratio(times[i]!, times[0]!);
      console.log(
        `ViT-B/16 ${dtype} b${n}`.padEnd(22),
        `${count} merged`.padEnd(10),
        `${median(times[i]!).toFixed(1)} ms`.padStart(10),
        `${speed.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`,
      );
    }
  }
}
