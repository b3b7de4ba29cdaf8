import { parseArgs } from 'node:util';
import { readFlickr8k } from './flickr8k.ts';
import { perform } from './perform.ts';
import { writeResult } from './results.ts';

// One run in a process of its own: its memory is its own, and two can run at once.
const { values } = parseArgs({
  options: { method: { type: 'string' }, seed: { type: 'string' }, data: { type: 'string' }, out: { type: 'string' } },
});
const { method, seed, data, out } = values as Record<'method' | 'seed' | 'data' | 'out', string>;
const name = { method, seed: Number(seed) };

const found = await perform(await readFlickr8k(data), name);
const { user, system } = process.cpuUsage();
const seconds = { processor: (user + system) / 1e6, clock: performance.now() / 1000 };
await writeResult(out, { ...name, ...found, seconds, memory: 1024 * process.resourceUsage().maxRSS });
console.log(`${method}, seed ${seed}: done in ${seconds.clock.toFixed(0)} s`);
