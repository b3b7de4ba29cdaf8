import { seededRandom } from '@diptych/core';
import { parseArgs } from 'node:util';
import { cca, gcca, kernelCca, type Matrix, moments, rbfKernel } from '@diptych/alignment';
import { linearAlgebra, scoreKernel } from '@diptych/backend-wasm/algebra';
import { captionRetrieval, cosineScores } from '@diptych/evaluation';
import { median, processorClock, ratio } from './interleave.ts';
import { pythonPeer } from './python-peer.ts';

// CCA and captionRetrieval at the sizes of COCO against numpy and scipy on one thread; needs `python3` with both.
// `--only captionRetrieval` has nothing else in memory.
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const random = seededRandom(1);
const rows = (n: number, columns: number): Matrix => {
  return { data: Float64Array.from({ length: n * columns }, () => 2 * random() - 1), shape: [n, columns] };
};

const algebra = await linearAlgebra();
const kernel = await scoreKernel();
/** Each makes what it needs, and gives what is measured. */
const tasks: Readonly<Record<string, () => Promise<() => unknown>>> = {
  moments: async () => {
    const [x, y] = pairs();
    return () => moments(x, y, { algebra });
  },
  ridge: async () => {
    const found = await moments(...pairs(), { algebra });
    return () => cca(found, { ridge: [0.1, 0.1], algebra });
  },
  kernelCca: async () => {
    const [left, right] = [rows(1000, 64), rows(1000, 64)];
    const [x, y] = await Promise.all([rbfKernel(left, left, 0.1), rbfKernel(right, right, 0.1)]);
    return () => kernelCca(x, y, { kappa: 1, algebra });
  },
  gcca: async () => {
    const views = [rows(5000, 300), rows(5000, 300), rows(5000, 300)];
    return () => gcca(views, { components: 50, ridge: 1, algebra });
  },
  captionRetrieval: async () => {
    const [images, captions] = captioned();
    return async () => captionRetrieval(cosineScores(images, captions, { kernel }));
  },
};

function pairs(): readonly [Matrix, Matrix] {
  const [x, y] = [rows(5000, 768), rows(5000, 2000)];
  for (let i = 0; i < 5000; i++) for (let j = 0; j < 2000; j++) y.data[i * 2000 + j]! += x.data[i * 768]!;
  return [x, y];
}

function captioned() {
  const images = { data: new Float32Array(5000 * 512), shape: [5000, 512] } as const;
  const captions = { data: new Float32Array(25_000 * 512), shape: [25_000, 512] } as const;
  for (let at = 0; at < images.data.length; at++) images.data[at] = 2 * random() - 1;
  for (let at = 0; at < captions.data.length; at++) {
    const image = Math.floor(at / (5 * 512));
    captions.data[at] = 2 * random() - 1 + 0.2 * images.data[512 * image + (at % 512)]!;
  }
  return [images, captions] as const;
}

using numpy = pythonPeer('algebra.py');
for (const [name, prepare] of Object.entries(tasks)) {
  if (options.only !== undefined && options.only !== name) continue;
  const task = await prepare();
  const times: { ours: number[]; numpy: number[] } = { ours: [], numpy: [] };
  for (let round = 0; round < Number(options.rounds); round++) {
    const start = processorClock();
    await task();
    times.ours.push(processorClock() - start);
    times.numpy.push(Number(await numpy.ask(name)));
  }
  const share = ratio(times.numpy, times.ours);
  const both = `${median(times.ours).toFixed(0)} ms, numpy ${median(times.numpy).toFixed(0)} ms`;
  console.log(
    `${name}: ${both}, ${share.median.toFixed(2)} times (${share.low.toFixed(2)} to ${share.high.toFixed(2)})`,
  );
}
console.log(`at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB in all`);
