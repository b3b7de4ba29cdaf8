import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { WeightType } from '@diptych/core';
import { freeCores } from './cores.ts';
import type { Tower } from './measure.ts';
import { threadsSpeed } from './threads-speed.ts';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    batches: { type: 'string', default: '1,8' },
    dtype: { type: 'string', default: 'float32,int8' },
    towers: { type: 'string', default: 'image,text' },
  },
});
const threads = Number(options.threads);
const free = async () => `${(await freeCores(threads)).toFixed(2)} of ${threads} cores free`;

console.log(`node ${process.version}, load ${loadavg()[0]!.toFixed(2)}, ${await free()}`);
const speed = threadsSpeed({
  threads,
  rounds: Number(options.rounds),
  batches: options.batches.split(',').map(Number),
  dtypes: options.dtype.split(',') as WeightType[],
  towers: options.towers.split(',') as Tower[],
});
for await (const line of speed) console.log(line);
console.log(await free());
