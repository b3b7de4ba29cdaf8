// `int8Search` and `exactSearch` in memory beside faiss's flat SQ8 and float32, in turn: `faiss.ts 1000000 [SQ8|float32]`.
import { open, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { exactSearch, int8Search } from '@diptych/retrieval';
import { median, processorClock, ratio } from './interleave.ts';
import { pythonPeer } from './python-peer.ts';
import { dim, k, rowsOf } from './store-rows.ts';

const [given = '100000', kind = 'SQ8'] = process.argv.slice(2);
const [n, rounds, batch] = [Number(given), 25, 10_000];
/** Engines compile at first. */
const warmUp = 5;
const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-faiss-'));
const path = join(folder, 'rows');

/** Of length 1, as faiss takes them for cosines. */
function unit(rows: Embeddings): Embeddings {
  for (let at = 0; at < rows.data.length; at += dim) {
    const row = rows.data.subarray(at, at + dim);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < dim; i++) row[i]! /= length;
  }
  return rows;
}

const data = new Float32Array(n * dim);
const file = await open(path, 'w');
for (let at = 0; at < n; at += batch) {
  const some = unit(rowsOf('clustered', Math.min(batch, n - at), at)).data;
  data.set(some, at * dim);
  await file.writeFile(new Uint8Array(some.buffer));
}
await file.close();
const rows: Embeddings = { precision: 'float32', model: 'bench', data, shape: [n, dim] };
const queries = unit(rowsOf('clustered', rounds, n + 7));
await writeFile(`${path}.queries`, new Uint8Array(queries.data.buffer));
const queryAt = (q: number): Embeddings => {
  return { ...queries, data: queries.data.slice(q * dim, (q + 1) * dim), shape: [1, dim] };
};

using faiss = pythonPeer('faiss-search.py', [path, String(dim), String(k), kind]);
const kernels = await searchKernels();
const search =
  kind === 'SQ8' ? int8Search(rows, { kernel: kernels?.int8 }) : exactSearch(rows, { kernel: kernels?.float32 });
const times: { ours: number[]; faiss: number[] } = { ours: [], faiss: [] };
let [found, theirs, wanted] = [0, 0, 0];
const exact = exactSearch(rows);
for (let q = 0; q < rounds; q++) {
  const start = processorClock();
  const [hits] = search(queryAt(q), k);
  const ours = processorClock() - start;
  const [spent, ...ids] = (await faiss.ask(String(q))).split(' ').map(Number);
  if (q < warmUp) continue;
  times.ours.push(ours);
  times.faiss.push(spent!);
  const best = new Set(exact(queryAt(q), k)[0]!.map(({ row }) => row));
  wanted += best.size;
  found += hits!.filter(({ row }) => best.has(row)).length;
  theirs += ids.filter((row) => best.has(row)).length;
}
const { median: share, low, high } = ratio(times.faiss, times.ours);
console.log(
  `${n} x ${dim}, best ${k}, ${kind}: ${median(times.ours).toFixed(2)} ms, recall ${(found / wanted).toFixed(4)}; ` +
    `faiss ${median(times.faiss).toFixed(2)} ms, recall ${(theirs / wanted).toFixed(4)}; ` +
    `${share.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)}), processor time in turn`,
);
await rm(folder, { recursive: true });
