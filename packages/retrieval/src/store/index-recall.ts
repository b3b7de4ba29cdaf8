import type { Embeddings } from '@diptych/core';
import type { IndexRecall, IndexSearchOptions, Store } from '../store.ts';

/** A hit counts when it is as good as the worst of the exact ones: of equally good rows any will do. */
export async function indexRecall(
  store: Pick<Store, 'search'>,
  queries: Embeddings,
  k: number,
  options: IndexSearchOptions,
): Promise<IndexRecall> {
  const [n, dim] = queries.shape;
  const { filter, signal } = options;
  const [exactMs, indexMs]: [number[], number[]] = [[], []];
  let [found, all] = [0, 0];
  for (let q = 0; q < n; q++) {
    const query: Embeddings = { ...queries, data: queries.data.slice(q * dim, (q + 1) * dim), shape: [1, dim] };
    const best = await timed(exactMs, () => store.search(query, k, { filter, signal }));
    const near = await timed(indexMs, () => store.search(query, k, { ...options, exact: false }));
    const worst = best[0]!.at(-1)?.score ?? 0;
    all += best[0]!.length;
    found += near[0]!.filter(({ score }) => score >= worst).length;
  }
  const recall = all === 0 ? 1 : Math.min(found, all) / all;
  return { recall, queries: n, exactMs: median(exactMs), indexMs: median(indexMs) };
}

async function timed<T>(times: number[], call: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await call();
  times.push(performance.now() - start);
  return result;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}
