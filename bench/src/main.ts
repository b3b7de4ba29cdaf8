import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import type { WeightType } from '@diptych/core';
import { processorClock, wallClock } from './interleave.ts';
import { lineOf, measure, type Result, type Tower } from './measure.ts';
import { peaks } from './peak.ts';
import { nativePeers, webPeers } from './peers.ts';
import { record } from './record.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    towers: { type: 'string', default: 'image,text' },
    batches: { type: 'string', default: '1,8,32' },
    peers: { type: 'string', default: 'web,node' },
    dtype: { type: 'string', default: 'float32,int16,int8' },
    clock: { type: 'string', default: 'processor' },
    json: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});

const { kernels } = await useBackend('wasm', { threads: 1 });
const clock = options.clock === 'wall' ? wallClock : processorClock;
const most = await peaks(kernels === 'relaxed-simd', clock);
const machine = {
  node: process.version,
  v8: process.versions.v8,
  cpu: cpus()[0]?.model,
  clock: options.clock,
  kernels,
  peaks: most,
};
console.log(JSON.stringify(machine));
const load = () => loadavg().map((x) => x.toFixed(2));
console.log(`load before: ${load()}`);

const results: Result[] = [];
const plan = {
  towers: options.towers.split(',') as Tower[],
  batches: options.batches.split(',').map(Number),
  rounds: Number(options.rounds),
  dtypes: options.dtype.split(',') as WeightType[],
  peers: [
    ...(options.peers.includes('web') ? await webPeers() : []),
    ...(options.peers.includes('node') ? await nativePeers() : []),
  ],
  clock,
  peaks: most,
};
for await (const result of measure(plan)) {
  results.push(result);
  console.log(lineOf(result));
}
console.log(`load after: ${load()}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
if (options.record) {
  const place = `Node ${process.versions.node.split('.')[0]}`;
  record({ place, cpu: machine.cpu, clock: options.clock, rounds: plan.rounds }, results);
}
