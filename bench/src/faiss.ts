// `int8Search` and `exactSearch` in memory beside faiss's flat SQ8 and float32, in turn: `faiss.ts 1000000 [SQ8|float32]`.
import { open, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { exactSearch, int8Search } from '@diptych/retrieval';
import { median, processorClock, ratio } from './interleave.ts';
import { pythonPeer } from './python-peer.ts';
import { dim, fillUnitRows, k } from './store-rows.ts';

const [given = '100000', kind = 'SQ8'] = process.argv.slice(2);
const [n, batch] = [Number(given), 10_000];
/** Engines compile at first. */
const warmUp = 5;
/** Each round compares all rows in plain JavaScript too, for the recall. */
const rounds = warmUp + (n > 300_000 ? 10 : 20);
const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-faiss-'));
const path = join(folder, 'rows');

// Of length 1, as faiss takes them for cosines.
const [rows, queries] = [rowsFrom(n, 0), rowsFrom(rounds, n + 7)];
const file = await open(path, 'w');
for (let at = 0; at < n; at += batch) await file.writeFile(bytesOf(rows.data.subarray(at * dim, (at + batch) * dim)));
await file.close();
await writeFile(`${path}.queries`, bytesOf(queries.data));
const queryAt = (q: number): Embeddings => {
  return { ...queries, data: queries.data.slice(q * dim, (q + 1) * dim), shape: [1, dim] };
};

function rowsFrom(count: number, seed: number): Embeddings {
  const data = new Float32Array(count * dim);
  fillUnitRows(data, seed);
  return { precision: 'float32', model: 'bench', data, shape: [count, dim] };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

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
