import type { Embeddings } from '@diptych/core';
import type { Filter } from '../filter.ts';
import type { StoreHit } from '../store.ts';
import { unitRows } from '../unit-rows.ts';
import { isOrdinary } from './near-rows.ts';
import type { RowStorage, Wanted, WantedByIndex } from './row-storage.ts';
import { searchBlocks, type SearchBlocksOptions } from './search-blocks.ts';

export interface SearchStorageOptions extends SearchBlocksOptions {
  readonly filter?: Filter | undefined;
  /** Given for a search by the index. */
  readonly byIndex?: Pick<WantedByIndex, 'efSearch' | 'probes'> | undefined;
}

/** One pass over all rows for all queries, or for each query over the rows that its database finds near. */
export async function searchStorage(
  storage: RowStorage,
  queries: Embeddings,
  { filter, byIndex, ...options }: SearchStorageOptions,
): Promise<StoreHit[][]> {
  const near = byIndex
    ? (wanted: Wanted) => storage.candidates!({ ...wanted, ...byIndex })
    : storage.near?.bind(storage);
  if (!near) return searchBlocks(storage.blocks(filter), queries, options);
  const [n, dim] = queries.shape;
  const unit = unitRows(queries).data;
  const found: StoreHit[][] = [];
  for (let q = 0; q < n; q++) {
    const [start, end] = [q * dim, (q + 1) * dim];
    const one: Embeddings = { ...queries, data: queries.data.subarray(start, end), shape: [1, dim] };
    const query = unit.slice(start, end);
    // Everything is equally near to zero.
    const block = isOrdinary(query) ? await near({ query, k: options.k, filter }) : undefined;
    found.push(...(await searchBlocks(block ? [block] : storage.blocks(filter), one, options)));
  }
  return byIndex ? found.map((hits) => hits.map((hit) => ({ ...hit, exact: false }))) : found;
}
