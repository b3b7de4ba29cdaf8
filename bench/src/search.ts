import { availableParallelism, cpus } from 'node:os';
import type { Embeddings } from '@diptych/core';
import { exactSearch, type Hit, int8Search, type Searcher, signSearch } from '@diptych/retrieval';
import { interleave, median, processorClock, ratio } from './interleave.ts';

const [n, dim, k, rounds] = [100_000, 512, 10, 9];

/** Numbers like those of a normal distribution, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

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

async function measure(name: string, centres: number): Promise<void> {
  const rows = rowsAround(centres, n, 2);
  const searchers: readonly [string, Searcher][] = [
    ['float32, exact', exactSearch(rows)],
    ['int8, best 50 exactly', int8Search(rows)],
    ['signs, best 200 exactly', signSearch(rows)],
  ];
  const many = rowsAround(centres, 100, 3);
  const one = rowsAround(centres, 1, 4);
  const times = await interleave(
    searchers.map(
      ([, search]) =>
        () =>
          search(one, k),
    ),
    rounds,
    processorClock,
  );
  const wanted = searchers[0]![1](many, k);
  console.log(`\n${name}: ${n} x ${dim}, one query, best ${k}`);
  for (const [i, [label, search]] of searchers.entries()) {
    const { median: faster, low, high } = ratio(times[i]!, times[0]!);
    const speed = `${faster.toFixed(2)}x (${low.toFixed(2)}–${high.toFixed(2)})`;
    const found = recall(search(many, k), wanted).toFixed(4);
    console.log(`${label.padEnd(24)} ${median(times[i]!).toFixed(1).padStart(7)} ms ${speed}, recall@${k} ${found}`);
  }
}

console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}, processor time`);
await measure('around 500 centres', 500);
await measure('in all directions', 0);
