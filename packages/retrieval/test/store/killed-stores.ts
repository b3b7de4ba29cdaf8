import { join } from 'node:path';
import { lancedbStore } from '@diptych/retrieval/lancedb';
import { libsqlStore } from '@diptych/retrieval/libsql';
import { fileStore } from '@diptych/retrieval/node';
import { postgresStore } from '@diptych/retrieval/postgres';
import type { Store } from '../../src/index.ts';

/** Large enough to be caught in the middle of a write. */
export const dim = 15_000;

const config = { model: 'm', dim, precision: 'float32', fields: { at: 'number' } } as const;

type Openers = Readonly<Record<string, (place: string) => Promise<Store>>>;

/** Stores in a folder, by name: each is killed there by `killed.test.ts`. */
export const inFolders: Openers = {
  file: (folder) => fileStore(folder, config),
  libsql: (folder) => libsqlStore(join(folder, 'rows.db'), config),
  lancedb: (folder) => lancedbStore(folder, config),
};

/** Stores that outlive their process, those of a server by its address too. */
export const openers: Openers = {
  ...inFolders,
  postgres: (url) => postgresStore(url, 'killed', config),
  concurrent: (url) => postgresStore(url, 'concurrent', config),
};
