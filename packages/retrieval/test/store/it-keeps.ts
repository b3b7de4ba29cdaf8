import { expect, it } from 'vitest';
import { randomRows, rows } from '../rows.ts';
import { type Make, names, years } from './store-suite-inputs.ts';

/** What is stored is there, and what is deleted is not. */
export function itKeeps(make: Make): void {
  it('gives back what was stored, bit for bit', async () => {
    const store = await make();
    const base = rows(8, [...randomRows(2, 8, 1).data, -0, 1e-45, 3.4e38, 0, 1, 2, 3, 4]);
    await store.add(['a', 'ä 🦊', '../c'], base, [{ kind: 'x' }, {}, { kind: 'é', year: -1.5 }]);
    const [c, none, a] = await store.get(['../c', 'nothing', 'a']);
    expect(none).toBeUndefined();
    expect(c).toEqual({ id: '../c', metadata: { kind: 'é', year: -1.5 }, row: rows(8, base.data.slice(16)) });
    expect(a).toEqual({ id: 'a', metadata: { kind: 'x' }, row: rows(8, base.data.slice(0, 8)) });
    expect(await store.count()).toBe(3);
  });

  it('keeps every text and number that metadata may have, and takes -0 for 0', async () => {
    const store = await make({ fields: { kind: 'string', year: 'number', is: 'boolean' } });
    const texts = ['\ufeffbom', '\ufeff', '', ' ', "it's", '\u2028', '🦊', 'a\ttab', '\ufffe', '%s', '\\'];
    const numbers = [-0, 1e-320, -1.7e308, 2 ** 53, 0.1, -1];
    const metadata = [...texts.map((kind) => ({ kind })), ...numbers.map((year) => ({ year }))];
    await store.add(names(metadata.length), randomRows(metadata.length, 8, 1), metadata);
    const found = await store.get(names(metadata.length));
    expect(found.map((row) => row!.metadata)).toEqual(
      metadata.map((one) => ('year' in one && one.year === 0 ? { year: 0 } : one)),
    );
    for (const filter of [
      ...texts.map((eq) => ({ field: 'kind', eq })),
      { field: 'year', eq: 0 },
      { field: 'year', eq: -0 },
    ]) {
      const [hits] = await store.search(randomRows(1, 8, 2), 99, { filter });
      expect({ filter, found: hits!.length }).toEqual({ filter, found: 1 });
    }
    expect((await store.search(randomRows(1, 8, 2), 99, { filter: { field: 'is', eq: false } }))[0]).toEqual([]);
  });

  it('keeps a field that is absent in all rows of a call, or in all but one', async () => {
    const store = await make({ fields: { is: 'boolean', year: 'number', kind: 'string' } });
    await store.add(['a', 'b'], randomRows(2, 8, 1));
    await store.upsert(['b', 'c'], randomRows(2, 8, 2), [{}, { is: false }]);
    await store.add(['\ufeffd', 'd'], randomRows(2, 8, 3), [{ is: true }, { year: 1 }]);
    const found = await store.get(['a', 'b', 'c', '\ufeffd', 'd']);
    expect(found.map((row) => [row!.id, row!.metadata])).toEqual([
      ['a', {}],
      ['b', {}],
      ['c', { is: false }],
      ['\ufeffd', { is: true }],
      ['d', { year: 1 }],
    ]);
  });

  it('keeps its own copy of what it is given', async () => {
    const store = await make();
    const base = randomRows(1, 8, 1);
    const before = base.data.slice();
    const metadata = { year: 1 };
    const added = store.add(['a'], base, [metadata]);
    base.data.fill(0);
    metadata.year = 2;
    await added;
    const [a] = await store.get(['a']);
    a!.row.data.fill(7);
    expect((await store.get(['a']))[0]).toMatchObject({ metadata: { year: 1 }, row: { data: before } });
  });

  it('replaces rows and metadata by id, without duplicates', async () => {
    const store = await make();
    await store.add(names(3), randomRows(3, 8, 1), years(3));
    const other = randomRows(2, 8, 2);
    await store.upsert(['row 1', 'new'], other, [{ kind: 'y' }, {}]);
    expect(await store.count()).toBe(4);
    expect((await store.get(['row 1']))[0]).toEqual({
      id: 'row 1',
      metadata: { kind: 'y' },
      row: rows(8, other.data.slice(0, 8)),
    });
  });

  it('deletes, and says how many were there', async () => {
    const store = await make();
    await store.add(names(4), randomRows(4, 8, 1));
    expect(await store.delete(['row 1', 'nothing', 'row 3'])).toBe(2);
    expect(await store.delete(['row 1'])).toBe(0);
    expect(await store.count()).toBe(2);
    expect(await store.get(['row 1'])).toEqual([undefined]);
    await store.add(['row 1'], randomRows(1, 8, 5));
    expect(await store.count()).toBe(3);
  });

  it('does what it is told in order, without being waited for', async () => {
    const store = await make();
    const base = randomRows(2, 8, 1);
    const results = [
      store.add(['a', 'b'], base),
      store.delete(['a']),
      store.count(),
      store.add(['b'], rows(8, base.data.slice(8))),
    ];
    expect(await Promise.allSettled(results)).toMatchObject([
      { status: 'fulfilled' },
      { value: 1 },
      { value: 1 },
      { status: 'rejected', reason: { code: 'INPUT_INVALID' } },
    ]);
  });

  it('takes no rows', async () => {
    const store = await make();
    await store.add([], rows(8, []));
    expect([await store.count(), await store.delete([]), await store.get([])]).toEqual([0, 0, []]);
    expect(await store.search(randomRows(1, 8, 1), 3)).toEqual([[]]);
  });
}
