import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { StoreConfig } from '../../src/index.ts';
import { libsqlStore } from '../../src/libsql.ts';
import { describeStore } from './store-suite.ts';

vi.mock('sqlite-vec', () => ({
  load() {
    throw new Error('no extension for this machine');
  },
}));

const fresh = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-libsql-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return (config: StoreConfig) => libsqlStore(join(folder, 'rows.db'), config);
};

describeStore('libsql, without sqlite-vec,', fresh);

it('says that it compares rows in JavaScript, and why', async () => {
  await using store = await (await fresh())({ model: 'm', dim: 8, precision: 'float32' });
  expect(store.engine).toEqual({
    name: 'javascript',
    note: 'sqlite-vec: cannot be loaded; install it: npm install sqlite-vec (no extension for this machine)',
  });
});
