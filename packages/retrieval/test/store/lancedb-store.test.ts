import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { Field, Int64, Schema } from 'apache-arrow';
import { expect, it, onTestFinished } from 'vitest';
import type { StoreConfig } from '../../src/index.ts';
import { lancedbStore } from '../../src/lancedb.ts';
import { randomRows } from '../rows.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { describeStore } from './store-suite.ts';
import { names } from './store-suite-inputs.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-lance-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const fresh = async () => {
  const path = join(await folder(), 'new', 'db-store');
  return (options: StoreConfig) => lancedbStore(path, options);
};
const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };

describeStore('LanceDB', fresh);
describePersistentStore('LanceDB', fresh);

it('compares rows of float32 itself', async () => {
  await using floats = await (await fresh())(config);
  expect(floats.engine).toEqual({ name: 'lancedb' });
  await using bytes = await (await fresh())({ ...config, precision: 'ubinary' });
  expect(bytes.engine).toMatchObject({ name: 'javascript', note: expect.stringContaining('ubinary') as string });
});

it('is held by one at a time', async () => {
  const open = await fresh();
  {
    await using _ = await open(config);
    await expect(open(config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  }
  await (await open(config)).close();
});

it('leaves a table alone that is no store', async () => {
  const path = await folder();
  await (await connect(path)).createTable('rows', [{ a: 1 }]);
  await expect(lancedbStore(path, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await (await (await connect(path)).openTable('rows')).countRows()).toBe(1);
});

it.each(['{"model":', 'null'])('says that %s is no configuration of a store', async (damaged) => {
  const path = await folder();
  const schema = new Schema([new Field('place', new Int64(), false)], new Map([['diptych', damaged]]));
  await (await connect(path)).createEmptyTable('rows', schema);
  await expect(lancedbStore(path, config)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(/: (configuration of the store: )?expected/) as string,
  });
});

it('makes few files of many when it is closed, and has every row then', async () => {
  const path = await folder();
  const base = randomRows(40, 8, 1);
  const files = async () => (await readdir(join(path, 'rows.lance', 'data'))).length;
  {
    await using store = await lancedbStore(path, config);
    for (const [i, id] of names(40).entries()) {
      await store.add([id], { ...base, data: base.data.slice(8 * i, 8 * i + 8), shape: [1, 8] });
    }
    await store.delete(['row 3']);
    expect(await files()).toBe(40);
  }
  expect(await files()).toBeLessThan(5);
  await using store = await lancedbStore(path, config);
  expect(store.recovered.rows).toBe(39);
  const [last] = await store.get(['row 39']);
  expect(last!.row.data).toEqual(base.data.slice(-8));
});
