import { EmbeddingError } from '@diptych/core';
import type { WantedByIndex } from '../../store/row-storage.ts';
import type { PostgresIndex } from './table-index.ts';

/** pgvector's limit. */
const maxEf = 1000;
/** A twentieth of the lists, and more of them where there are few. */
const usualProbes = (lists: number) => Math.max(10, Math.ceil(lists / 20));

/**
 * Settings under which the index, and nothing else, gives the order, and how many rows to ask it for.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what the index does not have, or beyond pgvector's limits.
 */
export function indexSettings(
  { kind, lists, iterates }: PostgresIndex,
  { k, efSearch, probes }: Pick<WantedByIndex, 'k' | 'efSearch' | 'probes'>,
): { readonly settings: readonly string[]; readonly limit: number } {
  const isGraph = kind === 'hnsw';
  if ((isGraph ? probes : efSearch) !== undefined) {
    const [expected, got] = isGraph ? ['efSearch', 'probes'] : ['probes', 'efSearch'];
    throw new EmbeddingError('INPUT_INVALID', { where: 'search', expected: `${expected} for an index ${kind}`, got });
  }
  if (efSearch !== undefined && efSearch > maxEf) {
    const expected = `at most ${maxEf}`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'search: efSearch', expected, got: efSearch });
  }
  const ef = efSearch ?? Math.min(maxEf, Math.max(100, 2 * k));
  const effort = isGraph
    ? `hnsw.ef_search = ${ef}`
    : `ivfflat.probes = ${Math.min(lists, probes ?? usualProbes(lists))}`;
  const goesOn = iterates ? [`${kind}.iterative_scan = relaxed_order`] : [];
  return {
    settings: ['enable_seqscan = off', 'enable_sort = off', effort, ...goesOn],
    limit: Math.max(k, isGraph ? ef : 100),
  };
}
