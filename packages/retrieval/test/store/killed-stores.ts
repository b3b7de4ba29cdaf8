import { join } from 'node:path';
import { libsqlStore } from '@diptych/retrieval/libsql';
import { fileStore } from '@diptych/retrieval/node';
import type { Store } from '../../src/index.ts';

/** Large enough to be caught in the middle of a write. */
export const dim = 20_000;

const config = { model: 'm', dim, precision: 'float32', fields: { at: 'number' } } as const;

/** Stores that outlive their process, by name. */
export const openers: Readonly<Record<string, (folder: string) => Promise<Store>>> = {
  file: (folder) => fileStore(folder, config),
  libsql: (folder) => libsqlStore(join(folder, 'rows.db'), config),
};
