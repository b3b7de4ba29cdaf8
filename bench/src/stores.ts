// `fileStore` at any size: ingest, and what each state of it costs in a process of its own. `--libsql` for `libsqlStore`.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@diptych/retrieval';
import { bareLibsql } from './bare-libsql.ts';
import { bundle } from './bundle.ts';
import { median, processorClock, ratio } from './interleave.ts';
import { openStore } from './open-store.ts';
import { dim, k, type Kind, kinds, rowsOf } from './store-rows.ts';

const engine = process.argv.includes('--libsql') ? 'libsql' : 'file';
const n = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 100_000);
const batch = Math.min(n, 10_000);
const built = await bundle(['stores-report.ts'], 'stores');

/** Processor time of each call for the rows of one batch, without what it takes to make them. */
async function change(folder: string, call: (store: Store, ids: string[], at: number) => () => Promise<unknown>) {
  await using store = await openStore(engine, folder);
  const times: number[] = [];
  for (let at = 0; at < n; at += batch) {
    const run = call(
      store,
      Array.from({ length: batch }, (_, i) => `row ${at + i}`),
      at,
    );
    const start = processorClock();
    await run();
    times.push(processorClock() - start);
  }
  return times;
}

function report(folder: string, kind: Kind, what: string, ...options: string[]): void {
  const args = [join(built, 'stores-report.mjs'), engine, folder, kind, ...options];
  console.log(`${kind}, ${what}: ${execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()}`);
}

async function measure(kind: Kind): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-stores-'));
  const bare = engine === 'libsql' ? bareLibsql(folder) : undefined;
  const bareTimes: number[] = [];
  const times = await change(folder, (store, ids, at) => {
    const rows = rowsOf(kind, batch, at);
    const metadata = ids.map((_, i) => ({ year: i % 100 }));
    const start = processorClock();
    bare?.(rows.data);
    bareTimes.push(processorClock() - start);
    return () => store.upsert(ids, rows, metadata);
  });
  console.log(`${kind}: ${rateOf(times)} of processor time, durable`);
  if (bare) {
    const { median: share, low, high } = ratio(bareTimes, times);
    const range = `${share.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
    console.log(`${kind}: blobs alone in SQLite, in turn: ${rateOf(bareTimes)}; a batch of ours takes ${range}`);
  }
  report(folder, kind, 'as written');
  await change(folder, (store, ids, at) => {
    const half = ids.filter((_, i) => (i * 7919) % 10 < 5);
    const rows = rowsOf(kind, half.length, at + 1);
    const metadata = half.map((_, i) => ({ year: i % 100 }));
    return () => store.upsert(half, rows, metadata);
  });
  report(folder, kind, 'half overwritten');
  await change(folder, (store, ids) => () => store.delete(ids.filter((_, i) => (i * 104_729) % 10 < 5)));
  report(folder, kind, 'half deleted', '--write');
  await rm(folder, { recursive: true });
}

/** In all, with what only some batches pay for, as SQLite's log that comes to its file; and without. */
function rateOf(times: readonly number[]): string {
  const all = (1000 * n) / times.reduce((sum, time) => sum + time, 0);
  return `${all.toFixed(0)} rows/s, median of batches ${((1000 * batch) / median(times)).toFixed(0)}`;
}

console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}, processor time`);
console.log(`${n} x ${dim}, best ${k} of one query, ${engine}Store with the kernel of int8`);
for (const kind of kinds) await measure(kind);
