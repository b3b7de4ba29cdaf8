import type { StoreConfig } from '../../store.ts';
import { checkIndexOptions, wrongIndex } from '../index-options.ts';

/** Only for searches with `exact: false`; all others are exact as before. */
export interface PostgresOptions {
  /**
   * Made where the table has none, which takes minutes from 100,000 rows on, while others may read the table, not write it.
   * `hnsw` is a graph, kept with every write; `ivfflat` is lists, best made once the rows are there, for its centres stay.
   */
  readonly index?: 'hnsw' | 'ivfflat' | undefined;
  /** Components of 16 bits in the index, which is half as large then. Rows keep theirs. Default: `false`. */
  readonly halfvec?: boolean | undefined;
  /** Of `ivfflat`. Default: a thousandth of the rows, or their square root from a million on. */
  readonly lists?: number | undefined;
  /** Of `hnsw`: neighbours of a row, 2 to 100. Default: 16, pgvector's. */
  readonly m?: number | undefined;
  /** Of `hnsw`: rows that are looked at for them, `2 * m` to 1000. Default: 64, pgvector's. */
  readonly efConstruction?: number | undefined;
  /** Asks the server to leave off making the index; nothing of it is there then. */
  readonly signal?: AbortSignal | undefined;
}

/** pgvector's limits of an index. */
const maxDims = { vector: 2000, halfvec: 4000 } as const;

/** @throws {EmbeddingError} `CONFIG_INVALID` for an index that the store cannot have. */
export function checkPostgresOptions(options: PostgresOptions, { dim, precision }: Required<StoreConfig>): void {
  const where = 'postgresStore';
  checkIndexOptions(where, options, { lists: 'ivfflat', precision });
  const { index, halfvec = false } = options;
  if (typeof halfvec !== 'boolean') throw wrongIndex(where, 'halfvec true or false', halfvec);
  if (index === undefined) {
    if (halfvec) throw wrongIndex(where, 'halfvec beside an index', index);
    return;
  }
  const most = maxDims[halfvec ? 'halfvec' : 'vector'];
  if (dim > most) {
    throw wrongIndex(where, `at most ${most} components for an index${halfvec ? '' : ' without halfvec'}`, dim);
  }
}
