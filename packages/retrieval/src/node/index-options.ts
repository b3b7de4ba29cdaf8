import { EmbeddingError, expectListeners, quote } from '@diptych/core';
import { checkCount } from '../check-rows.ts';
import type { StoreConfig } from '../store.ts';
import type { WantedByIndex } from '../store/row-storage.ts';

/** What stores of databases take alike. */
export interface IndexOptions {
  readonly index?: string | undefined;
  /** Of lists. */
  readonly lists?: number | undefined;
  /** Of a graph. */
  readonly m?: number | undefined;
  readonly efConstruction?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An index is a graph of this name, or lists. */
const graph = 'hnsw';

/**
 * @param lists The kind of lists that the database has beside a graph.
 * @throws {EmbeddingError} `CONFIG_INVALID` for an index that the store cannot have.
 */
export function checkIndexOptions(
  where: string,
  options: IndexOptions,
  { lists, precision }: { readonly lists: string } & Pick<StoreConfig, 'precision'>,
): void {
  expectListeners(options, where);
  const { index, m, efConstruction } = options;
  const kinds = [graph, lists];
  if (index !== undefined && !kinds.includes(index)) throw wrongIndex(where, `an index of ${kinds.join(', ')}`, index);
  for (const [name, value] of Object.entries({ lists: options.lists, m, efConstruction })) {
    if (value === undefined) continue;
    if (index !== (name === 'lists' ? lists : graph)) throw wrongIndex(where, `${name} beside its index`, index);
    checkCount(`${where}: ${name}`, value);
  }
  if (index !== undefined && precision !== 'float32')
    throw wrongIndex(where, 'rows of float32 for an index', precision);
}

export function wrongIndex(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('CONFIG_INVALID', { where, expected, got: quote(got) });
}

/** @throws {EmbeddingError} `INPUT_INVALID` where the table's index is not the one that is asked for. */
export function expectSameIndex(
  where: string,
  { there, asked, drop }: { readonly there: string; readonly asked: string; readonly drop: string },
): void {
  if (there === asked) return;
  const cure = `${drop}, and open it again`;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: `an index ${asked}`, got: there, cure });
}

type Effort = Pick<WantedByIndex, 'k' | 'efSearch' | 'probes'>;

/**
 * Rows that a graph is searched for; `undefined` for lists.
 *
 * @param maxEf Of the database.
 * @throws {EmbeddingError} `INPUT_INVALID` for what the index does not have, or beyond the database's limit.
 */
export function graphEf(kind: string, { k, efSearch, probes }: Effort, maxEf: number): number | undefined {
  const isGraph = kind === graph;
  if ((isGraph ? probes : efSearch) !== undefined) {
    const [expected, got] = isGraph ? ['efSearch', 'probes'] : ['probes', 'efSearch'];
    throw new EmbeddingError('INPUT_INVALID', { where: 'search', expected: `${expected} for an index ${kind}`, got });
  }
  if (efSearch !== undefined && efSearch > maxEf) {
    const expected = `at most ${maxEf}`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'search: efSearch', expected, got: efSearch });
  }
  return isGraph ? (efSearch ?? Math.min(maxEf, Math.max(100, 2 * k))) : undefined;
}
