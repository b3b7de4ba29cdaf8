// What our server holds over many requests, of texts and images in turn: `servers-memory.ts [--requests 30000] [--every 3000]`.
// Its processes free what nobody has any more after each thousand, and V8's young generation, which else grows for as long as it
// is busy, has a bound: what still grows is a leak.
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Clients } from './clients.ts';
import { taken } from './process-tree.ts';
import { ourServer, stopped } from './started.ts';

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '30000' }, every: { type: 'string', default: '3000' } },
});
const [requests, every] = [Number(options.requests), Number(options.every)];
const image = await sharp({ create: { width: 96, height: 96, channels: 3, background: 'navy' } })
  .png()
  .toBuffer();
const bodies = Array.from({ length: 100 }, (_, i) => {
  const input = i % 10 === 9 ? [{ image: image.toString('base64') }] : [`thing number ${i}`, 'and more '.repeat(i)];
  return JSON.stringify({ input, encoding_format: i % 2 === 0 ? 'base64' : 'float' });
});
const collecting = fileURLToPath(new URL('collecting.ts', import.meta.url));
const server = await ourServer(['--model', 'emoji', '--queue', '100000'], {
  NODE_OPTIONS: `--import=${collecting} --max-semi-space-size=8`,
});
const pid = server.child.pid!;
const clients = new Clients(`${server.url}/v1/embeddings`, bodies);
const mebibytes: number[] = [];
for (let done = 1000; done <= requests; done += 1000) {
  await clients.saturate({ count: 1000, atOnce: 32, warm: 0 }, () => {});
  for (const one of taken(pid).pids) process.kill(one, 'SIGUSR2');
  await pause(500);
  if (done % every > 0) continue;
  const own = taken(pid, false).memory / 2 ** 20;
  const all = taken(pid).memory / 2 ** 20;
  mebibytes.push(all);
  console.log(`${done} requests: ${own.toFixed(0)} MiB of the server, ${(all - own).toFixed(0)} of its model process`);
}
const late = mebibytes.slice(mebibytes.length >> 1);
const middle = (late.length - 1) / 2;
const mean = late.reduce((sum, v) => sum + v, 0) / late.length;
const slope =
  late.reduce((sum, v, i) => sum + (i - middle) * (v - mean), 0) /
  late.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
console.log(`over the later half ${((1000 * slope) / every).toFixed(3)} MiB more with each 1,000 requests`);
console.log(`answers ${JSON.stringify(Object.fromEntries(clients.statuses))}; load ${loadavg()[0]!.toFixed(1)}`);
await stopped(server);
