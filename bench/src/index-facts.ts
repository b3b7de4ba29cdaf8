import type { Store } from '@diptych/retrieval';
import { k, rowsOf } from './store-rows.ts';

export async function fillStore(store: Store, n: number): Promise<void> {
  for (let at = 0; at < n; at += 2000) {
    const rows = rowsOf('clustered', Math.min(2000, n - at), at);
    await store.add(
      Array.from({ length: rows.shape[0] }, (_, i) => `row ${at + i}`),
      rows,
    );
  }
}

/** Prints what an index is and what it finds of the best of 100 queries, and how fast. */
export async function reportIndex(
  store: Store,
  n: number,
  { seconds, ...facts }: Readonly<Record<string, unknown>> & { readonly seconds: number },
): Promise<void> {
  const { recall, exactMs, indexMs } = await store.recall(rowsOf('clustered', 100, n + 1), k);
  const [exact, index] = [exactMs, indexMs].map((time) => `${time.toFixed(1)} ms`);
  const faster = Number((exactMs / indexMs).toFixed(1));
  console.log(JSON.stringify({ rows: n, ...facts, seconds: Math.round(seconds), recall, exact, index, faster }));
}
