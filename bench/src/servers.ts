// Our server on loopback beside the plainest servers of onnxruntime-web and onnxruntime-node, all of the same image tower with
// as many threads as there are cores, and the library in a loop, interleaved; the clients are in this process, and not counted.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Clients } from './clients.ts';
import { compare } from './compare.ts';
import { median, ratio } from './interleave.ts';
import { taken } from './process-tree.ts';
import { ourServer, startedServer, stopped } from './started.ts';
import { writeVisionFolder } from './vision-folder.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '128' },
    batch: { type: 'string', default: '32' },
  },
});
const [rounds, requests, batchSize] = [Number(options.rounds), Number(options.requests), Number(options.batch)];
const folder = mkdtempSync(join(tmpdir(), 'diptych-servers-'));
const pathOf = (script: string): string => fileURLToPath(new URL(script, import.meta.url));

await writeVisionFolder(folder);
const images = await Promise.all(
  Array.from({ length: batchSize }, async (_, i) => {
    const noise = { type: 'gaussian', mean: 90 + i, sigma: 60 } as const;
    const create = { width: 320, height: 240, channels: 3, background: 'black', noise } as const;
    return sharp({ create }).blur(4).jpeg().toBuffer();
  }),
);
const bodies = images.map((image) =>
  JSON.stringify({ input: [{ image: image.toString('base64') }], encoding_format: 'base64' }),
);
const library = fork(pathOf('servers-library.ts'), [folder, String(batchSize)], {
  serialization: 'advanced',
  execArgv: ['--conditions=@diptych/source'],
});
await once(library, 'message');
library.send({ images });
await once(library, 'message');

const names = ['diptych', 'onnxruntime-web', 'onnxruntime-node'] as const;
const flags = ['--model', folder, '--batch-size', String(batchSize), '--queue', String(8 * batchSize)];
const model = join(folder, 'model.onnx');
const servers = await Promise.all([
  ourServer(flags),
  ...names.slice(1).map(async (engine) => startedServer([pathOf('servers-onnx.ts'), engine, model])),
]);
const clients = servers.map(({ url }) => new Clients(`${url}/v1/embeddings`, bodies));
// So many at once that a batch of ours is full while two are in hand; the others have no batches.
const loads = names.map((_, i) => (i === 0 ? { atOnce: 4 * batchSize, warm: 2 * batchSize } : { atOnce: 8, warm: 8 }));
type Run = (mark: () => void) => Promise<void>;
const contestants: readonly { readonly name: string; readonly pid: number; readonly run: Run }[] = [
  { name: 'library in a loop', pid: library.pid!, run: loop },
  ...names.map((name, i) => ({
    name,
    pid: servers[i]!.child.pid!,
    run: async (mark: () => void) => clients[i]!.saturate({ count: requests, ...loads[i]! }, mark),
  })),
];
console.log(`node ${process.version}, load ${loadavg().map((n) => n.toFixed(1)).join(' ')}`); // prettier-ignore
await loop(() => {});
const wall = contestants.map((): number[] => []);
const processor = contestants.map((): number[] => []);
const memory = contestants.map(() => 0);
const sizes: number[] = [];
for (let round = 0; round < rounds; round++) {
  for (const [i, { name, pid, run }] of contestants.entries()) {
    const marks: { readonly at: number; readonly processor: number }[] = [];
    const before = name === 'diptych' ? await batches() : undefined;
    await run(() => {
      const now = taken(pid);
      marks.push({ at: performance.now(), processor: now.processor });
      memory[i] = Math.max(memory[i]!, now.memory);
    });
    const [from, to] = marks as [(typeof marks)[0], (typeof marks)[0]];
    wall[i]!.push((to.at - from.at) / requests);
    processor[i]!.push((to.processor - from.processor) / requests);
    const after = before && (await batches());
    if (after) sizes.push((after.items - before.items) / (after.count - before.count));
  }
}
console.log(
  `batches of ${median(sizes).toFixed(1)} items of at most ${batchSize}, those at the beginning and the end included;`,
);
console.log(`what each of ${rounds} rounds of ${requests} images took:`);
contestants.forEach(({ name }, i) => {
  const [onWall, ofProcessor] = [ratio(wall[i]!, wall[0]!), ratio(processor[i]!, processor[0]!)];
  const between = ({ low, high }: typeof onWall) => `(${low.toFixed(2)} to ${high.toFixed(2)})`;
  console.log(
    `${name.padEnd(18)} ${(1000 / median(wall[i]!)).toFixed(1)} a second, ${onWall.median.toFixed(2)}x ${between(onWall)};`,
    `${median(processor[i]!).toFixed(1)} ms of the processors each, ${ofProcessor.median.toFixed(2)}x ${between(ofProcessor)};`,
    `at most ${(memory[i]! / 2 ** 20).toFixed(0)} MiB`,
  );
});
for (const [i, name] of names.entries()) {
  const rate = 500 / median(wall[i + 1]!);
  const took = await clients[i]!.spread(requests / 2, rate);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))]!.toFixed(0);
  const statuses = JSON.stringify(Object.fromEntries(clients[i]!.statuses));
  console.log(
    `${name.padEnd(18)} at ${rate.toFixed(1)} a second p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; answers ${statuses}`,
  );
}
const rows = await Promise.all(clients.map(async (client) => client.row(0)));
for (const [i, name] of names.entries()) {
  console.log(
    `${name.padEnd(18)} its row beside ours: cosine ${compare(rows[i]!, rows[0]!, rows[0]!.length).cosine.toFixed(4)}`,
  );
}
console.log(`load ${loadavg().map((n) => n.toFixed(1)).join(' ')}`); // prettier-ignore
library.disconnect();
await Promise.all(servers.map(stopped));
rmSync(folder, { recursive: true });

async function loop(mark: () => void): Promise<void> {
  mark();
  library.send({ count: requests });
  await once(library, 'message');
  mark();
}

/** How many batches our server has run, and of how many items. */
async function batches(): Promise<{ readonly items: number; readonly count: number }> {
  const text = await (await fetch(`${servers[0].url}/metrics`)).text();
  const of = (what: string) =>
    Number(new RegExp(`^diptych_batch_items_${what}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { items: of('sum'), count: of('count') };
}
