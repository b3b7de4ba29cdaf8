import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { photo } from '@diptych/model-photo';
import { open } from 'diptych';
import sharp from 'sharp';
import { readSettings, startServer } from '../src/index.ts';

// The server on loopback against the library called in a loop: images of the photo model, 32 to a batch.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '320' },
  },
});
const [rounds, requests] = [Number(values.rounds), Number(values.requests)];
const batchSize = 32;

const images = await Promise.all(
  Array.from({ length: batchSize }, async (_, i) => {
    const noise = { type: 'gaussian', mean: 90 + i, sigma: 40 } as const;
    const create = { width: 320, height: 240, channels: 3, background: 'black', noise } as const;
    return sharp({ create }).jpeg().toBuffer();
  }),
);
const bodies = images.map((image) => JSON.stringify({ input: [{ image: image.toString('base64') }] }));
const settings = { model: 'photo', port: 0, logLevel: 'silent', batchSize, queue: 4 * batchSize };
const server = await startServer(await readSettings(settings, {}));
using space = await open(photo);

const statuses = new Map<number, number>();
async function ask(body: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${server.url}/v1/embeddings`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
}

/** Seconds that many requests take, so many at a time. */
async function timed(count: number, atOnce: number, bodyOf: (i: number) => string): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await ask(bodyOf(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return (performance.now() - begun) / 1000;
}

async function library(): Promise<number> {
  const begun = performance.now();
  for (let done = 0; done < requests; done += batchSize) await space.embed('image', images, { batchSize });
  return (performance.now() - begun) / 1000;
}

const atHalf = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
const bodyOf = (i: number) => bodies[i % batchSize]!;
await library();
await timed(requests, 3 * batchSize, bodyOf);
const pairs: { readonly ours: number; readonly theirs: number }[] = [];
for (let i = 0; i < rounds; i++) {
  pairs.push({ theirs: await library(), ours: await timed(requests, 3 * batchSize, bodyOf) });
}
const shares = pairs.map(({ ours, theirs }) => theirs / ours).toSorted((a, b) => a - b);
const rate = requests / pairs.map(({ ours }) => ours).toSorted((a, b) => a - b)[rounds >> 1]!;
console.log(
  `saturated: ${rate.toFixed(1)} images a second, ${atHalf(shares, 0.5).toFixed(2)} times the library's loop`,
);
console.log(`  (${shares.map((share) => share.toFixed(2)).join(', ')}); answers ${JSON.stringify([...statuses])}`);

const took: number[] = [];
const begun = performance.now();
const late = Array.from({ length: requests }, async (_, i) => {
  const due = begun + (1000 * i) / (rate / 2);
  await pause(Math.max(0, due - performance.now()));
  await ask(bodyOf(i));
  took.push(performance.now() - due);
});
await Promise.all(late);
took.sort((a, b) => a - b);
console.log(`at half of it: p50 ${atHalf(took, 0.5).toFixed(0)} ms, p99 ${atHalf(took, 0.99).toFixed(0)} ms`);
console.log(
  `load of the machine: ${loadavg()
    .map((n) => n.toFixed(1))
    .join(' ')}`,
);
await server.stop();
