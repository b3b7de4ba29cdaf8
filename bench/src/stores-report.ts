// One line on a store as it is: run by stores.ts.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Embeddings } from '@diptych/core';
import { exactSearch, type Hit, type Store, type StoreSearchOptions } from '@diptych/retrieval';
import { median, processorClock, wallClock } from './interleave.ts';
import { openStore } from './open-store.ts';
import { k, type Kind, rowsOf } from './store-rows.ts';

const [engine, folder, kind] = process.argv.slice(2) as [string, string, Kind];
const rounds = 31;

async function timed(call: () => Promise<unknown>, clock = processorClock): Promise<number> {
  const start = clock();
  await call();
  return clock() - start;
}

async function times(store: Store, count: number, options?: StoreSearchOptions, clock = processorClock) {
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    const query = rowsOf(kind, 1, 10_000 + i);
    all.push(await timed(() => store.search(query, k, options), clock));
  }
  return all;
}

/** What is done in the background until nothing is: `libsqlStore` makes its index there. */
async function settled(): Promise<number> {
  const start = processorClock();
  for (let before = -Infinity; processorClock() - before > 20; await setTimeout(2000)) before = processorClock();
  return processorClock() - start;
}

/** Bytes, without the files that are mapped, which are the cache of the system. */
function resident(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  return 1024 * Number(/RssAnon:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
}

async function search(store: Store, options?: StoreSearchOptions): Promise<string> {
  const all = await times(store, rounds, options);
  return `${median(all).toFixed(2)} (least ${Math.min(...all).toFixed(2)}) ms`;
}

/** Of the best of some queries by comparing all rows, how many were found. */
async function recall(store: Store): Promise<number> {
  const queries = rowsOf(kind, 5, 5);
  const best = Array.from({ length: 5 }, (): (Omit<Hit, 'row'> & { readonly id: string })[] => []);
  for await (const { ids, rows } of store.rows()) {
    exactSearch(rows as Embeddings)(queries, k).forEach((hits, q) => {
      const all = [...best[q]!, ...hits.map(({ row, score }) => ({ id: ids[row]!, score }))];
      best[q] = all.toSorted((a, b) => b.score - a.score).slice(0, k);
    });
  }
  const found = await store.search(queries, k);
  const there = found.map((hits, q) => hits.filter(({ id }) => best[q]!.some((hit) => hit.id === id)).length);
  return there.reduce((sum, count) => sum + count, 0) / best.flat().length;
}

/** On the wall: the slowest of a hundred searches during something, by the slowest of a hundred before. */
async function slowest(store: Store, what: string, during: () => Promise<number[]>): Promise<string> {
  const before = await times(store, 100, undefined, wallClock);
  const [a, b] = [before, await during()].map((all) => all.toSorted((one, other) => one - other)[98]!);
  return `p99 ${what} ${b!.toFixed(1)} ms, ${(b! / a!).toFixed(2)} times that before (${a!.toFixed(1)})`;
}

async function whileWriting(store: Store): Promise<number[]> {
  const rows = rowsOf(kind, 1000, 1);
  const done = new AbortController();
  const writing = (async () => {
    for (let at = 0; !done.signal.aborted; at++) {
      const ids = Array.from({ length: 1000 }, (_, i) => `new ${(1000 * at + i) % 20_000}`);
      await store.upsert(ids, rows);
    }
  })();
  const during = await times(store, 100, undefined, wallClock);
  done.abort();
  await writing;
  return during;
}

/** Half is deleted, so that a file store writes its log anew and its rows move. */
async function whileRewriting(store: Store): Promise<number[]> {
  const ids: string[] = [];
  for await (const block of store.rows()) ids.push(...block.ids);
  await store.delete(ids.filter((_, i) => (i * 7919) % 10 < 6));
  return times(store, 100, undefined, wallClock);
}

let store!: Store;
// What opening cannot do without: an index in memory is memory that is new to the process.
const touched = await timed(async () => new Uint8Array(2 ** 26).fill(1));
const opened = await timed(async () => (store = await openStore(engine, folder)));
const first = await timed(() => store.search(rowsOf(kind, 1, 7), k));
const background = await settled();
const figures = [
  `${await store.count()} rows`,
  `opened ${opened.toFixed(0)} ms`,
  `64 MiB of new memory ${touched.toFixed(0)} ms`,
  `first search ${first.toFixed(0)} ms`,
  `in the background ${background.toFixed(0)} ms`,
  `search ${await search(store)}`,
  `1 % ${await search(store, { filter: { field: 'year', eq: 3 } })}`,
  `10 % ${await search(store, { filter: { field: 'year', lt: 10 } })}`,
  `resident ${(resident() / 1e6).toFixed(0)} MB`,
  `recall@${k} ${await recall(store)}`,
];
if (process.argv.includes('--write')) {
  figures.push(
    await slowest(store, 'while rows come in', () => whileWriting(store)),
    await slowest(store, 'while the log is rewritten', () => whileRewriting(store)),
  );
}
console.log(figures.join(', '));
await store.close();
