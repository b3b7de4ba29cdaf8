import { type Precision, quantize } from '@diptych/core';
import { expect, it } from 'vitest';
import { copyStore, memoryStore } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { config, type Make, names, refused, years } from './store-suite-inputs.ts';

/** Rows go from a store to another and back. */
export function itCopies(make: Make): void {
  it.each<Precision>(['float32', 'int8', 'binary'])(
    'gives and takes all rows of %s in their order',
    async (precision) => {
      const base = quantizeAll(precision);
      const from = memoryStore({ ...config, precision });
      await from.add(names(1200), base, years(1200));
      await from.delete(['row 3']);
      await from.upsert(['row 7'], quantizeAll(precision, 1), [{ kind: 'new' }]);
      const [there, back] = [await make({ precision }), memoryStore({ ...config, precision })];
      const progress: number[] = [];
      expect(await copyStore(from, there, { onProgress: (rows) => progress.push(rows) })).toBe(1199);
      expect(progress.at(-1)).toBe(1199);
      expect(await copyStore(there, back)).toBe(1199);
      const query = randomRows(2, 8, 9);
      expect(await back.search(query, 1199)).toEqual(await from.search(query, 1199));
      expect(await back.get(names(1200))).toEqual(await from.get(names(1200)));
    },
  );

  it('stops copying when it is told to, and goes on', async () => {
    const from = memoryStore(config);
    await from.add(names(2000), randomRows(2000, 8, 1));
    const to = await make();
    const stop = new AbortController();
    const copying = copyStore(from, to, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(copying).rejects.toThrow(stop.signal.reason as Error);
    expect(await to.count()).toBe(1024);
    expect(await copyStore(from, to)).toBe(2000);
    expect(await to.count()).toBe(2000);
  });

  it('lists what is there while it changes, and nothing once it is closed', async () => {
    const store = await make();
    await store.add(names(1500), randomRows(1500, 8, 1), years(1500));
    const seen: string[] = [];
    for await (const { ids } of store.rows()) {
      seen.push(...ids);
      await store.delete(['row 1499']);
    }
    expect(seen.slice(0, 1499)).toEqual(names(1499));
    await store.upsert(['row 7'], randomRows(1, 8, 2), [{ kind: 'new' }]);
    const [ids, metadata]: [string[], unknown[]] = [[], []];
    for await (const entries of store.entries()) {
      ids.push(...entries.ids);
      metadata.push(...entries.metadata);
    }
    expect(ids).toEqual(names(1499));
    expect(metadata).toEqual(years(1499).map((one, i) => (i === 7 ? { kind: 'new' } : one)));
    await store.close();
    await expect(store.rows().next()).rejects.toThrow(refused('DISPOSED'));
    await expect(store.entries().next()).rejects.toThrow(refused('DISPOSED'));
  });
}

function quantizeAll(precision: Precision, rows = 1200) {
  const base = randomRows(rows, 8, rows);
  return precision === 'float32' ? base : quantize(base, precision);
}
