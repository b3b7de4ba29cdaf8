import { join } from 'node:path';
import { lancedbStore } from '@diptych/retrieval/lancedb';
import { libsqlStore } from '@diptych/retrieval/libsql';
import { fileStore } from '@diptych/retrieval/node';
import { postgresStore } from '@diptych/retrieval/postgres';
import type { Store } from '../../src/index.ts';

/** Large enough to be caught in the middle of a write. */
export const dim = 15_000;

const config = { model: 'm', dim, precision: 'float32', fields: { at: 'number' } } as const;

/** Stores that outlive their process, by name, each of a folder or an address. */
export const openers: Readonly<Record<string, (place: string) => Promise<Store>>> = {
  file: (folder) => fileStore(folder, config),
  libsql: (folder) => libsqlStore(join(folder, 'rows.db'), config),
  lancedb: (folder) => lancedbStore(folder, config),
  postgres: (url) => postgresStore(url, 'killed', config),
  concurrent: (url) => postgresStore(url, 'concurrent', config),
};
