import { expect, it } from 'vitest';
import { type Filter, memoryStore, type Metadata, type Store } from '../../src/index.ts';
import { seededRandom } from '@diptych/core';
import { randomRows, rows } from '../rows.ts';
import { config, type Make, names } from './store-suite-inputs.ts';

/** Names that mean something in SQL or JSON, and two that differ in their case. */
const [hostile, path, truth] = [`it's "this"; DROP TABLE diptych_rows --`, '$.a[0]', 'ja nein?'];
const fields = {
  year: 'number',
  Year: 'number',
  [hostile]: 'string',
  [path]: 'string',
  [truth]: 'boolean',
} as const;

const numbers = [0, -1.5, 0.1 + 0.2, 0.3, 2 ** 53, 1e300, 5e-324, 1999];
const texts = ['', 'a', 'A', 'ä', "o'neill", 'a"b\\', '%', '🦊', '0', 'true'];

function nested(depth: number, filter: Filter): Filter {
  return depth === 0 ? filter : { not: { and: [nested(depth - 1, filter), { field: path, in: texts }] } };
}

const filters: readonly Filter[] = [
  ...numbers.flatMap((value): Filter[] => [
    { field: 'year', eq: value },
    { field: 'Year', gt: value },
    { field: 'year', gte: value, lt: 1e200 },
    { not: { field: 'Year', lte: value } },
  ]),
  ...texts.map((value): Filter => ({ field: hostile, eq: value })),
  { field: path, in: texts.slice(2) },
  { field: path, in: [] },
  { not: { field: path, in: ['a'] } },
  { field: truth, eq: true },
  { not: { field: truth, in: [false] } },
  { and: [] },
  { or: [] },
  { not: { or: [] } },
  {
    or: [{ and: [{ field: 'year', gt: 0 }, { not: { field: truth, eq: true } }] }, { field: hostile, in: ['a', 'ä'] }],
  },
  { field: 'year', in: Array.from({ length: 3000 }, (_, i) => i) },
  { and: Array.from({ length: 1500 }, () => ({ field: 'year', gte: 0 })) },
  ...[5, 15, 150].map((depth) => nested(depth, { field: 'year', gte: 0 })),
];

function metadataOf(n: number): Metadata[] {
  const next = seededRandom(5);
  const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)]!;
  return Array.from({ length: n }, () => ({
    ...(next() < 0.8 && { year: pick(numbers) }),
    ...(next() < 0.5 && { Year: pick(numbers) }),
    ...(next() < 0.8 && { [hostile]: pick(texts) }),
    ...(next() < 0.5 && { [path]: pick(texts) }),
    ...(next() < 0.8 && { [truth]: next() < 0.5 }),
  }));
}

/** Whatever compares the rows, hits are those of the store in memory, to the last bit of their scores. */
export function itAgrees(make: Make): void {
  const both = async (options: Parameters<Make>[0] = {}): Promise<readonly [Store, Store]> => [
    await make(options),
    memoryStore({ ...config, ...options }),
  ];

  it('finds what the store in memory finds, whatever the filter', async () => {
    const stores = await both({ fields });
    for (const store of stores) await store.add(names(200), randomRows(200, 8, 1), metadataOf(200));
    for (const filter of filters) {
      const [found, wanted] = stores.map((store) => store.search(randomRows(2, 8, 2), 7, { filter }));
      expect({ filter, hits: await found }).toEqual({ filter, hits: await wanted });
    }
  });

  it('finds rows whose squares run over or vanish in float32', async () => {
    const stores = await both();
    const factors = [1e30, 1, 0, 1e-30, 1e-44, 3e37, -1e30, 1e-20];
    const base = randomRows(400, 8, 3);
    const scaled = rows(
      8,
      base.data.map((value, i) => value * factors[Math.floor(i / 8) % 8]!),
    );
    for (const store of stores) await store.add(names(400), scaled);
    for (const factor of factors) {
      const query = rows(
        8,
        randomRows(1, 8, 4).data.map((value) => value * factor),
      );
      const [found, wanted] = stores.map((store) => store.search(query, 60));
      expect(await found).toEqual(await wanted);
    }
  });

  it('finds the first of many that are almost alike', async () => {
    const stores = await both();
    const [one] = [randomRows(1, 8, 1).data];
    const alike = rows(
      8,
      Float32Array.from({ length: 8 * 600 }, (_, i) => one[i % 8]! * (1 + ((i * 7) % 5) * 2 ** -23)),
    );
    for (const store of stores) await store.add(names(600), alike);
    for (const k of [1, 5, 599, 2000]) {
      for (const query of [one, new Float32Array(8)]) {
        const [found, wanted] = stores.map((store) => store.search(rows(8, query), k));
        expect(await found).toEqual(await wanted);
      }
    }
  });
}
