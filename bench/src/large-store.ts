// `fileStore` of many rows of int8 and signs: `bench:large-store [rows]`. What a process of its own has of them in memory, and
// the time of a query by that of reading as many bytes in the same run, before each.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { fileStore } from '@diptych/retrieval/node';
import { median, wallClock } from './interleave.ts';
import { dim, k, noise, rowsOf } from './store-rows.ts';

const precisions = ['int8', 'ubinary'] as const;
type Precision = (typeof precisions)[number];
const batch = 20_000;
const [what = '1000000', folder = '', precision = 'int8'] = process.argv.slice(2);

const open = async (at: string, of: Precision) =>
  fileStore(at, { model: 'bench', dim, precision: of }, { kernel: (await searchKernels())?.int8 });

/** Bytes of any values, some thousand rows of which come again and again, each time from another place on. */
function pool(bytes: number): Uint8Array<ArrayBuffer> {
  const next = noise(5);
  return Uint8Array.from({ length: bytes }, () => 48 * next());
}

async function fill(at: string, of: Precision, rows: number): Promise<void> {
  await using store = await open(at, of);
  const width = of === 'int8' ? dim : dim / 8;
  const from = pool(2 * batch * width);
  const start = wallClock();
  for (let first = 0; first < rows; first += batch) {
    const count = Math.min(batch, rows - first);
    const offset = (first * 7919) % (batch * width);
    const bytes = from.slice(offset, offset + count * width);
    const ids = Array.from({ length: count }, (_, i) => `row ${first + i}`);
    const shape = [count, dim] as const;
    await (of === 'int8'
      ? store.add(ids, {
          precision: of,
          model: 'bench',
          data: new Int8Array(bytes.buffer),
          scales: new Float32Array(count).fill(1 / 127),
          shape,
        })
      : store.add(ids, { precision: of, model: 'bench', data: bytes, shape }));
  }
  console.log(`${of}: ${Math.round((1000 * rows) / (wallClock() - start))} rows/s stored, resident ${resident()}`);
}

function resident(): string {
  const status = readFileSync('/proc/self/status', 'utf8');
  const [most, anonymous] = ['VmHWM', 'RssAnon'].map(
    (name) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)![1]) / 1000,
  );
  return `${anonymous!.toFixed(0)} MB, at most ${most!.toFixed(0)} MB with mapped files`;
}

/** Time to read so many bytes of a file from the cache of the system, a MiB at a time. */
function readTime(file: string, bytes: number): number {
  const [handle, room] = [openSync(file, 'r'), new Uint8Array(2 ** 20)];
  const start = wallClock();
  for (let at = 0; at < bytes; at += room.length) readSync(handle, room, 0, Math.min(room.length, bytes - at), at);
  closeSync(handle);
  return wallClock() - start;
}

async function report(at: string, of: Precision): Promise<void> {
  const start = wallClock();
  await using store = await open(at, of);
  const opened = wallClock() - start;
  const rows = await store.count();
  const bytes = rows * (of === 'int8' ? dim : dim / 8);
  const query = (i: number): Embeddings => rowsOf('clustered', 1, 10_000 + i);
  const firstAt = wallClock();
  await store.search(query(0), k);
  const first = wallClock() - firstAt;
  await setTimeout(5000); // Some of the index comes to memory.
  const [times, ratios]: [number[], number[]] = [[], []];
  for (let i = 1; i <= 7; i++) {
    const read = readTime(join(at, 'rows.log'), bytes);
    const searchAt = wallClock();
    await store.search(query(i), k);
    const time = wallClock() - searchAt;
    times.push(time);
    ratios.push(time / read);
  }
  const files = readdirSync(at).map((name) => `${name} ${(statSync(join(at, name)).size / 1e6).toFixed(0)} MB`);
  console.log(
    `${of}: ${rows} rows, opened ${opened.toFixed(0)} ms, first search ${first.toFixed(0)} ms, search ${median(times).toFixed(0)} ms, ` +
      `${median(ratios).toFixed(2)} times reading its ${(bytes / 1e6).toFixed(0)} MB (${Math.min(...ratios).toFixed(2)} to ` +
      `${Math.max(...ratios).toFixed(2)}), resident ${resident()}; ${files.join(', ')}`,
  );
}

if (what === 'fill') await fill(folder.split(',')[0]!, precision as Precision, Number(folder.split(',')[1]));
else if (what === 'report') await report(folder, precision as Precision);
else {
  for (const of of precisions) {
    const at = mkdtempSync(join(tmpdir(), 'diptych-bench-large-'));
    const run = (...args: readonly string[]) =>
      execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
        stdio: 'inherit',
      });
    try {
      run('fill', `${at},${what}`, of);
      run('report', at, of);
    } finally {
      rmSync(at, { recursive: true });
    }
  }
}
