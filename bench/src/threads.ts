import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Arithmetic } from '@diptych/backend-wasm';
import { freeCores } from './cores.ts';
import type { Tower } from './measure.ts';
import { threadsSpeed } from './threads-speed.ts';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    batches: { type: 'string', default: '1,8' },
    arithmetic: { type: 'string', default: 'float32,int8' },
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
  arithmetic: options.arithmetic.split(',') as Arithmetic[],
  towers: options.towers.split(',') as Tower[],
});
for await (const line of speed) console.log(line);
console.log(await free());
