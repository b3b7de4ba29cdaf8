import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { exactSearch, type Store, type StoreSearchOptions } from '@diptych/retrieval';
import { fileStore } from '@diptych/retrieval/node';
import { median, processorClock } from './interleave.ts';

const n = Number(process.argv[2] ?? 100_000);
const [dim, k, batch, rounds] = [512, 10, 10_000, 15];
const config = { model: 'bench', dim, precision: 'float32', fields: { year: 'number' } } as const;
const kernels = (await searchKernels())!;

/** Numbers like those of a normal distribution, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

const centres = Float32Array.from({ length: 500 * dim }, noise(1));
const mean = centres.subarray(0, dim).map((value) => 1.8 * value);

/** Around 500 directions, or far from the origin with a mean of 0.87. */
function rowsOf(kind: string, count: number, seed: number): Embeddings {
  const spread = noise(seed + 2);
  const data = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const from = kind === 'clustered' ? ((row + seed) % 500) * dim : 0;
    const middle = kind === 'clustered' ? centres : mean;
    for (let i = 0; i < dim; i++) data[row * dim + i] = middle[from + i]! + spread();
  }
  return { precision: 'float32', model: 'bench', data, shape: [count, dim] };
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = processorClock();
  await call();
  return processorClock() - start;
}

async function search(store: Store, kind: string, options?: StoreSearchOptions): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const query = rowsOf(kind, 1, 10_000 + i);
    times.push(await timed(() => store.search(query, k, options)));
  }
  return `${median(times).toFixed(2)} ms`;
}

async function report(folder: string, kind: string, what: string): Promise<void> {
  let store!: Store;
  const opened = await timed(async () => (store = await fileStore(folder, config, { kernel: kernels.int8 })));
  const first = await timed(() => store.search(rowsOf(kind, 1, 7), k));
  const figures = [
    `opened ${opened.toFixed(0)} ms`,
    `first search ${first.toFixed(0)} ms`,
    `search ${await search(store, kind)}`,
    `1 % ${await search(store, kind, { filter: { field: 'year', eq: 3 } })}`,
    `10 % ${await search(store, kind, { filter: { field: 'year', lt: 10 } })}`,
    `resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  ];
  console.log(`${kind}, ${what}, ${await store.count()} rows: ${figures.join(', ')}`);
  await store.close();
}

async function change(folder: string, call: (store: Store, ids: string[], at: number) => Promise<unknown>) {
  await using store = await fileStore(folder, config, { kernel: kernels.int8 });
  let spent = 0;
  for (let at = 0; at < n; at += batch) {
    const ids = Array.from({ length: batch }, (_, i) => `row ${at + i}`);
    spent += await timed(() => call(store, ids, at));
  }
  return spent;
}

async function measure(kind: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-stores-'));
  let made = 0;
  const spent = await change(folder, async (store, ids, at) => {
    const start = processorClock();
    const rows = rowsOf(kind, batch, at);
    made += processorClock() - start;
    await store.upsert(
      ids,
      rows,
      ids.map((_, i) => ({ year: i % 100 })),
    );
  });
  console.log(`${kind}: ${((1000 * n) / (spent - made)).toFixed(0)} rows/s of processor time, durable`);
  await report(folder, kind, 'as written');
  await change(folder, (store, ids, at) => {
    const half = ids.filter((_, i) => (i * 7919) % 10 < 5);
    return store.upsert(half, rowsOf(kind, half.length, at + 1));
  });
  await report(folder, kind, 'half overwritten');
  await change(folder, (store, ids) => store.delete(ids.filter((_, i) => (i * 104_729) % 10 < 5)));
  await report(folder, kind, 'half deleted');
  await rm(folder, { recursive: true });
}

/** What is found is what comparing all rows finds. */
async function agree(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-stores-'));
  for (const kind of ['clustered', 'uncentred']) {
    const [rows, queries] = [rowsOf(kind, batch, 1), rowsOf(kind, 20, 5)];
    await using store = await fileStore(join(folder, kind), config, { kernel: kernels.int8 });
    await store.upsert(
      Array.from({ length: batch }, (_, i) => `${i}`),
      rows,
    );
    const found = (await store.search(queries, k)).flat().map(({ id, score }) => [Number(id), score]);
    const wanted = exactSearch(rows)(queries, k)
      .flat()
      .map(({ row, score }) => [row, score]);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${kind}: expected what exact search finds`);
  }
  await rm(folder, { recursive: true });
}

console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}, processor time`);
console.log(`${n} x ${dim}, best ${k}, one query, fileStore with the kernel of int8`);
await agree();
for (const kind of ['clustered', 'uncentred']) await measure(kind);
