import { quantize, seededRandom } from '@diptych/core';
import { expect, it } from 'vitest';
import { chooseIndex } from '../../src/store/choose-index.ts';
import type { RowIndex } from '../../src/store/row-index.ts';
import { StepsLost } from '../../src/store/steps-file.ts';
import { randomRows } from '../rows.ts';
import { memoryFile } from './memory-file.ts';

const [dim, n] = [24, 12_000];
const width = dim / 8;
const queries = randomRows(3, dim, 2);

/** Some rows first, then others in their place, then the rest; some are passed over. */
function fill(index: RowIndex, precision: 'binary' | 'ubinary'): void {
  const { data } = quantize(randomRows(n, dim, 1), precision);
  const bytes = Uint8Array.from(new Uint8Array(data.buffer));
  const set = (at: number, first: number, end: number) =>
    index.set(at, bytes.slice(first * width, end * width), Array.from<undefined>({ length: end - first }));
  set(0, 0, 7000);
  set(900, 0, 3000);
  set(900, 900, 3900);
  set(7000, 7000, n);
  for (const slot of [3, 1500, 1501, n - 1]) index.clear(slot);
}

it.each(['binary', 'ubinary'] as const)('signs %s in a file have the same candidates as in memory', (precision) => {
  const config = { model: 'm', dim, precision, fields: {} };
  const file = memoryFile(0, 2 ** 20, 2 * 1000 * width);
  const [inMemory, inFile] = [chooseIndex(config), chooseIndex(config, undefined, [], file)];
  for (const index of [inMemory, inFile]) fill(index, precision);
  const next = seededRandom(4);
  const some = Uint8Array.from({ length: n }, () => (next() < 0.1 ? 1 : 0));
  const few = new Uint8Array(n).fill(1, n - 40, n - 20);
  for (const mask of [undefined, some, few, new Uint8Array(n)]) {
    const wanted = inMemory.nearest(queries, 10, mask);
    expect(inFile.nearest(queries, 10, mask)).toEqual(wanted);
    expect(wanted.flat()).not.toContain(n - 1);
  }
  inFile.close!();
  expect(() => inFile.nearest(queries, 10, undefined)).toThrow(StepsLost);
});

it('signs that a file takes no more of are told so', () => {
  const index = chooseIndex({ model: 'm', dim, precision: 'ubinary', fields: {} }, undefined, [], memoryFile(0, 100));
  expect(() => fill(index, 'ubinary')).toThrow(StepsLost);
});
