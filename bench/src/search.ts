// Searchers in memory; with `--signs` only what `signSearch` finds of rows that are far from the origin.
import { availableParallelism, cpus } from 'node:os';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Embeddings } from '@diptych/core';
import { exactSearch, type Hit, int8Search, type Searcher, signSearch } from '@diptych/retrieval';
import { interleave, median, processorClock, ratio } from './interleave.ts';
import { noise, rowsOf } from './store-rows.ts';

const [n, dim, k, rounds, batch] = [100_000, 512, 10, 15, 32];

/** Rows around `centres` directions, as those of real pictures lie; without centres, in all directions alike. */
function rowsAround(centres: number, count: number, seed: number): Embeddings {
  const [centre, spread] = [noise(1), noise(seed)];
  const middle = Float32Array.from({ length: centres * dim }, centre);
  const component = (i: number) =>
    (centres ? middle[(Math.floor(i / dim) % centres) * dim + (i % dim)]! : 0) + spread();
  const data = Float32Array.from({ length: count * dim }, (_, i) => component(i));
  return { precision: 'float32', model: 'bench', data, shape: [count, dim] };
}

function recall(found: readonly (readonly Hit[])[], wanted: readonly (readonly Hit[])[]): number {
  const there = found.flatMap((hits, q) => hits.filter(({ row }) => wanted[q]!.some((hit) => hit.row === row)));
  return there.length / wanted.flat().length;
}

interface Measured {
  readonly label: string;
  readonly search: Searcher;
  /** That it keeps for each row. */
  readonly bytes: number;
}

async function measure(name: string, centres: number): Promise<void> {
  const rows = rowsAround(centres, n, 2);
  // Beside the rows themselves, 4 bytes a component: what a kernel keeps, lengths, and scales.
  const added = (kernel: number, factors = 1) => kernel + 8 * factors;
  const searchers: readonly Measured[] = [
    { label: 'float32, SIMD', search: exactSearch(rows, { kernel: kernels!.float32 }), bytes: added(4 * dim) },
    { label: 'int8, best 50, SIMD', search: int8Search(rows, { kernel: kernels!.int8 }), bytes: added(dim, 2) },
    {
      label: 'signs, SIMD',
      search: signSearch(rows, { kernel: kernels!.ubinary }),
      bytes: added(dim / 8, 4),
    },
    { label: 'float32, plain', search: exactSearch(rows), bytes: added(0) },
    { label: 'int8, best 50, plain', search: int8Search(rows), bytes: added(4 * dim, 2) },
    { label: 'signs, plain', search: signSearch(rows), bytes: added(dim / 8, 4) },
  ];
  const many = rowsAround(centres, 100, 3);
  const wanted = searchers[0]!.search(many, k);
  for (const count of [1, batch]) {
    const queries = rowsAround(centres, count, 4);
    const tasks = searchers.map(
      ({ search }) =>
        () =>
          search(queries, k),
    );
    const times = await interleave(count === 1 ? tasks : tasks.slice(0, 3), count === 1 ? rounds : 5, processorClock);
    console.log(`\n${name}: ${n} x ${dim}, best ${k}, ${count === 1 ? 'one query' : `of ${count} queries, each`}`);
    for (const [i, time] of times.entries()) {
      const { label, search, bytes } = searchers[i]!;
      const { median: faster, low, high } = ratio(time, times[0]!);
      const speed = `${faster.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`;
      const [middle, least] = [median(time) / count, Math.min(...time) / count].map((ms) => ms.toFixed(2).padStart(6));
      const found =
        count === 1 ? `, recall@${k} ${recall(search(many, k), wanted).toFixed(4)}, adds ${bytes} bytes a row` : '';
      console.log(`${label.padEnd(23)} ${middle} ms, least ${least} ms, ${speed}${found}`);
    }
  }
}

/** How many of the best ten signs find of rows far from the origin, as those of real models lie, and their candidates. */
function measureSigns(): void {
  const rows = rowsOf('uncentred', n, 0);
  const queries = rowsOf('uncentred', 100, n);
  const wanted = exactSearch(rows, { kernel: kernels!.float32 })(queries, k);
  for (const rerank of [undefined, 300, 1000, 5000]) {
    const found = signSearch(rows, { kernel: kernels!.ubinary, rerank })(queries, k);
    const candidates = rerank ?? 'a fortieth';
    console.log(`signs, a mean of 0.87, ${candidates} compared: recall@${k} ${recall(found, wanted).toFixed(4)}`);
  }
}

const kernels = await searchKernels();
console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}, processor time`);
if (!process.argv.includes('--signs')) {
  await measure('around 500 centres', 500);
  await measure('in all directions', 0);
}
measureSigns();
