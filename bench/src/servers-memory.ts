// Memory of our server over many requests, of texts and images in turn: `servers-memory.ts [--requests 30000] [--every 3000]`.
import { loadavg } from 'node:os';
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
const server = await ourServer(['--model', 'emoji', '--queue', '100000']);
const pid = server.child.pid!;
const clients = new Clients(`${server.url}/v1/embeddings`, bodies);
const mebibytes: number[] = [];
for (let done = 0; done < requests; done += every) {
  await clients.saturate({ count: every, atOnce: 32, warm: 0 }, () => {});
  const own = taken(pid, false).memory / 2 ** 20;
  const all = taken(pid).memory / 2 ** 20;
  mebibytes.push(all);
  console.log(
    `${done + every} requests: ${own.toFixed(0)} MiB of the server, ${(all - own).toFixed(0)} of its model process`,
  );
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
