import { describe, expect, it } from 'vitest';
import { randomRows } from '../rows.ts';
import type { OpenStore } from './store-suite.ts';
import { config, refused } from './store-suite-inputs.ts';

/** What stores promise that outlive their process. */
export function describePersistentStore(name: string, fresh: () => Promise<OpenStore>): void {
  describe(`${name}, opened again`, () => {
    it('has every row, replaced and deleted ones too, and says how many', async () => {
      const open = await fresh();
      const base = randomRows(3, 8, 1);
      {
        await using store = await open(config);
        expect(store.recovered).toEqual({ rows: 0, droppedBytes: 0 });
        await store.add(['a', 'b', 'c'], base, [{ kind: 'x' }, {}, { year: 3 }]);
        await store.upsert(['b'], randomRows(1, 8, 2), [{ year: 4 }]);
        await store.delete(['a']);
      }
      await using store = await open(config);
      expect(store.recovered).toEqual({ rows: 2, droppedBytes: 0 });
      expect(await store.get(['a', 'b', 'c'])).toMatchObject([
        undefined,
        { metadata: { year: 4 }, row: randomRows(1, 8, 2) },
        { metadata: { year: 3 }, row: { data: base.data.slice(16) } },
      ]);
      const [hits] = await store.search(randomRows(1, 8, 2), 3);
      expect(hits!.map(({ id }) => id)[0]).toBe('b');
    });

    it('refuses another configuration, and is unharmed', async () => {
      const open = await fresh();
      {
        await using store = await open(config);
        await store.add(['a'], randomRows(1, 8, 1));
      }
      const others = [{ model: 'n' }, { dim: 9 }, { precision: 'int8' }, { fields: { kind: 'string' } }] as const;
      for (const other of others) await expect(open({ ...config, ...other })).rejects.toThrow(refused('INPUT_INVALID'));
      await using store = await open({ ...config, fields: { year: 'number', kind: 'string' } });
      expect(await store.count()).toBe(1);
    });
  });
}
