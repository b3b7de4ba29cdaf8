import { type Embeddings, type Precision, quantize } from '@diptych/core';
import { expect, it } from 'vitest';
import { compileFilter, exactSearch } from '../../src/index.ts';
import { randomRows, rows } from '../rows.ts';
import { config, type Make, names, years } from './store-suite-inputs.ts';

/** What is found, and in which order. */
export function itSearches(make: Make): void {
  it('finds what exact search finds, for several queries and blocks', async () => {
    const store = await make();
    const [base, queries] = [randomRows(2500, 8, 1), randomRows(3, 8, 2)];
    await store.add(names(2500), base);
    const wanted = exactSearch(base)(queries, 20);
    const found = await store.search(queries, 20);
    expect(found.map((hits) => hits.map(({ id }) => id))).toEqual(
      wanted.map((hits) => hits.map(({ row }) => `row ${row}`)),
    );
    found.flat().forEach(({ score }, i) => expect(score).toBeCloseTo(wanted.flat()[i]!.score, 6));
  });

  it('filters before it counts to k', async () => {
    const store = await make();
    const [base, query, metadata] = [randomRows(500, 8, 1), randomRows(1, 8, 2), years(500)];
    await store.add(names(500), base, metadata);
    const filter = {
      or: [
        { field: 'year', in: [2003] },
        { field: 'year', gt: 2007 },
      ],
    };
    const passes = compileFilter(filter, config.fields);
    const [wanted] = exactSearch(base)(query, 30, { allow: (row) => passes(metadata[row]!) });
    const [found] = await store.search(query, 30, { filter });
    expect(found!.map(({ id, metadata: m }) => [id, m])).toEqual(
      wanted!.map(({ row }) => [`row ${row}`, metadata[row]]),
    );
  });

  it('orders equal scores as they were first stored, also after changes', async () => {
    const store = await make();
    await store.add(names(5), rows(8, Array<number>(40).fill(1)));
    await store.upsert(['row 3'], rows(8, Array<number>(8).fill(1)));
    await store.delete(['row 1']);
    await store.add(['row 1'], rows(8, Array<number>(8).fill(1)));
    const [hits] = await store.search(rows(8, Array<number>(8).fill(1)), 9);
    expect(hits!.map(({ id }) => id)).toEqual(['row 0', 'row 2', 'row 3', 'row 4', 'row 1']);
  });

  it.each<Precision>(['int8', 'uint8', 'binary', 'ubinary'])('keeps and searches rows of %s', async (precision) => {
    const store = await make({ precision, dim: 37 });
    const base = randomRows(50, 37, 1);
    const stored: Embeddings<Precision> = quantize(base, precision);
    await store.add(names(50), stored);
    const [hits] = await store.search(rows(37, base.data.slice(7 * 37, 8 * 37)), 1);
    expect(hits![0]!.id).toBe('row 7');
    expect((await store.get(['row 7']))[0]!.row).toEqual(
      quantize(rows(37, base.data.slice(7 * 37, 8 * 37)), precision),
    );
  });
}
