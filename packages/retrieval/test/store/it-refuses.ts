import { type Embeddings, type Precision, quantize } from '@diptych/core';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import type { Filter, Metadata } from '../../src/index.ts';
import { randomRows, rows } from '../rows.ts';
import { type Make, refused } from './store-suite-inputs.ts';

/** What must not be stored or asked. */
export function itRefuses(make: Make): void {
  it('refuses what must not be stored, and stores nothing of it', async () => {
    const store = await make();
    const two = randomRows(2, 8, 1);
    await store.add(['there'], randomRows(1, 8, 2));
    const cases: [string, readonly string[], Embeddings<Precision>, (readonly Metadata[])?][] = [
      ['SHAPE_MISMATCH', ['a', 'b'], randomRows(2, 7, 1)],
      ['SHAPE_MISMATCH', ['a', 'b'], { ...two, data: two.data.slice(1) }],
      ['SHAPE_MISMATCH', ['a'], two],
      ['SHAPE_MISMATCH', ['a', 'b'], two, [{}]],
      ['INPUT_INVALID', ['a', 'b'], rows(8, [...two.data.slice(0, 15), NaN])],
      ['INPUT_INVALID', ['a', 'b'], rows(8, [...two.data.slice(0, 15), Infinity])],
      ['INPUT_INVALID', ['a', 'b'], { ...two, model: 'other' }],
      ['INPUT_INVALID', ['a', 'b'], quantize(two, 'int8')],
      ['INPUT_INVALID', ['a', 'a'], two],
      ['INPUT_INVALID', ['a', ''], two],
      ['INPUT_INVALID', ['a', '\ud800'], two],
      ['INPUT_INVALID', ['a', 'b\0'], two],
      ['INPUT_INVALID', ['a', 'b'], two, [{}, { size: 1 }]],
      ['INPUT_INVALID', ['a', 'b'], two, [{}, { year: '2000' }]],
      ['INPUT_INVALID', ['a', 'b'], two, [{}, { year: NaN }]],
      ['INPUT_INVALID', ['a', 'b'], two, [{}, { kind: 'a\0' }]],
    ];
    for (const [code, ...args] of cases) {
      await expect(store.add(...args)).rejects.toThrow(refused(code));
      await expect(store.upsert(...args)).rejects.toThrow(refused(code));
    }
    await expect(store.add(['a', 'there'], two)).rejects.toThrow(refused('INPUT_INVALID'));
    expect(await store.count()).toBe(1);
    expect(await store.get(['a', 'b'])).toEqual([undefined, undefined]);
  });

  it('refuses searches that mean nothing', async () => {
    const store = await make();
    const query = randomRows(1, 8, 1);
    await expect(store.search(randomRows(1, 9, 1), 1)).rejects.toThrow(refused('SHAPE_MISMATCH'));
    await expect(store.search({ ...query, model: 'other' }, 1)).rejects.toThrow(refused('INPUT_INVALID'));
    await expect(store.search(rows(8, Array<number>(8).fill(NaN)), 1)).rejects.toThrow(refused('INPUT_INVALID'));
    await expect(store.search(query, 0)).rejects.toThrow(refused('INPUT_INVALID'));
    const filters = [
      { field: 'size', eq: 1 },
      { field: 'year', near: 1 },
      { field: 'year', eq: '2000' },
      { field: 'kind', gt: 1 },
      { field: 'kind', eq: '\ud800' },
      { xor: [] },
    ];
    for (const filter of filters) {
      await expect(store.search(query, 1, { filter: filter as Filter })).rejects.toThrow(refused('INPUT_INVALID'));
    }
  });

  it('refuses to search by an index, for none was asked for', async () => {
    const store = await make();
    const query = randomRows(1, 8, 1);
    await store.add(['there'], query);
    expect(store.engine.index).toBeUndefined();
    await expect(store.search(query, 1, { exact: false })).rejects.toThrow(refused('UNSUPPORTED'));
    await expect(store.recall(query, 1)).rejects.toThrow(refused('UNSUPPORTED'));
    for (const options of [
      { efSearch: 9 },
      { exact: true, probes: 9 },
      { exact: false, efSearch: 0.5 },
      given({ exact: 1 }),
    ]) {
      await expect(store.search(query, 1, options)).rejects.toThrow(refused('INPUT_INVALID'));
    }
  });

  it('refuses configurations that no store can have', async () => {
    for (const dim of [0, -1, 1.5, NaN]) await expect(make({ dim })).rejects.toThrow(refused('CONFIG_INVALID'));
    await expect(make({ model: '' })).rejects.toThrow(refused('CONFIG_INVALID'));
    await expect(make({ precision: 'int4' as Precision })).rejects.toThrow(refused('CONFIG_INVALID'));
    await expect(make({ fields: { a: 'date' as 'string' } })).rejects.toThrow(refused('CONFIG_INVALID'));
  });

  it('refuses to be used once it is closed', async () => {
    const store = await make();
    const added = store.add(['a'], randomRows(1, 8, 1));
    await Promise.all([store.close(), store.close()]);
    await added;
    await expect(store.count()).rejects.toThrow(refused('DISPOSED'));
    await expect(store.add(['b'], randomRows(1, 8, 1))).rejects.toThrow(refused('DISPOSED'));
  });
}
