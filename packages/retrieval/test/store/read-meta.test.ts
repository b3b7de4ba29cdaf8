import { expect, it } from 'vitest';
import { readMeta } from '../../src/node/file-store/read-meta.ts';
import type { Metadata } from '../../src/index.ts';
import { seededRandom } from '@diptych/core';
import { SlotTable } from '../../src/store/slot-table.ts';

const fields = { n: 'number', 'a "name"': 'string', is: 'boolean' } as const;
const read = (meta: unknown, rows: number, table = new SlotTable(fields)) => {
  const json = meta instanceof Buffer ? meta : Buffer.from(typeof meta === 'string' ? meta : JSON.stringify(meta));
  return readMeta(json, rows, table, fields);
};

const numbers = [
  0, -0, 7, -12, 1.5, -2.25e-7, 1e21, 123_456_789_012_345, 1_234_567_890_123_456, 9_007_199_254_740_992, 5e-324,
];
const texts = ['', 'a', 'ä🦊\ufeff', '"quoted"', '\\', 'line\nline', '\u0001', '}],'];

it('knows what JSON.parse would make of it', () => {
  const next = seededRandom(1);
  const one = <T>(of: readonly T[]) => of[Math.floor(of.length * next())]!;
  const metadata = Array.from({ length: 500 }, (): Metadata => ({
    ...(next() < 0.7 && { n: one(numbers) }),
    ...(next() < 0.7 && { is: next() < 0.5 }),
    ...(next() < 0.7 && { 'a "name"': one(texts) }),
  }));
  const ids = metadata.map((_, i) => `${'é🦊 '.repeat(i % 3)}${i}`);
  const scales = metadata.map(() => Math.fround(next()));
  const table = new SlotTable(fields);
  table.put(ids[7]!, { n: 3, is: true });
  const found = read({ ids, metadata, scales }, 500, table);
  expect(found).toMatchObject({ scales: Float32Array.from(scales) });
  const slots = ids.map((id) => table.slotOf(id)!);
  expect(found).toMatchObject({ slots: Uint32Array.from(slots) });
  expect(slots.map((slot) => [table.idAt(slot), table.metadataAt(slot)])).toEqual(
    ids.map((id, i) => [id, JSON.parse(JSON.stringify(metadata[i]))]),
  );
  expect(read({ ids: ids.slice(0, 9) }, 9, table)).toEqual({ slots: Uint32Array.from(slots.slice(0, 9)) });
  expect(table.metadataAt(slots[7]!)).toEqual({});
  expect(read({ deleted: [...ids.slice(10, 20), 'none'] }, 0, table)).toEqual({ deleted: 11 });
  expect(ids.filter((id) => table.slotOf(id) === undefined)).toEqual(ids.slice(10, 20));
});

it.each<readonly [string, unknown]>([
  ['no JSON', '{"ids":["a"'],
  ['more behind it', '{"ids":["a"]} '],
  ['another number of rows', { ids: ['a', 'b'] }],
  ['an id with an escape', { ids: ['a\n'] }],
  ['an empty id', { ids: [''] }],
  ['an id that is no text', { ids: [1] }],
  ['a comma at the end', '{"ids":["a",]}'],
  ['bytes that are no UTF-8', Buffer.from('{"ids":["\xff"]}', 'latin1')],
  ['metadata of fewer', { ids: ['a'], metadata: [] }],
  ['metadata of more', { ids: ['a'], metadata: [{}, {}] }],
  ['another field', { ids: ['a'], metadata: [{ other: 1 }] }],
  ['a value of another type', { ids: ['a'], metadata: [{ n: '1' }] }],
  ['null', { ids: ['a'], metadata: [{ is: null }] }],
  ['a number that JSON does not know', '{"ids":["a"],"metadata":[{"n":01}]}'],
  ['a number beyond float64', '{"ids":["a"],"metadata":[{"n":1e999}]}'],
  ['half of a letter', '{"ids":["a"],"metadata":[{"a \\"name\\"":"\\ud800"}]}'],
  ['a text without end', '{"ids":["a"],"metadata":[{"a \\"name\\"":"\\'],
  ['scales of fewer', { ids: ['a'], scales: [] }],
  ['scales that are none', { ids: ['a'], scales: [null] }],
])('leaves %s to the reader that says what is wrong', (_, meta) => {
  expect(read(meta, 1)).toBeUndefined();
});
