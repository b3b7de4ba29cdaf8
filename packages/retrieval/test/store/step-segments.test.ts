import { type Embeddings, quantize, seededRandom } from '@diptych/core';
import { expect, it } from 'vitest';
import { chooseIndex } from '../../src/store/choose-index.ts';
import { StepSegments } from '../../src/store/step-segments.ts';
import { StepsLost } from '../../src/store/steps-file.ts';
import { IndexedSearch } from '../../src/store/indexed-search.ts';
import { SlotTable } from '../../src/store/slot-table.ts';
import { exactSearch } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { memoryFile } from './memory-file.ts';
import { quantizingKernel } from './quantizing-kernel.ts';
import { names } from './store-suite-inputs.ts';

const dim = 8;
const n = 9000;
const steps = quantize(randomRows(n, dim, 1), 'int8');
const queries = quantize(randomRows(3, dim, 2), 'int8');

/** Some first, then others in their place, then the rest. */
function filled(file?: ReturnType<typeof memoryFile>): StepSegments {
  const segments = new StepSegments(dim, quantizingKernel, { file });
  segments.write(0, steps.data.subarray(0, dim * 5000));
  segments.write(900, steps.data.subarray(0, dim * 3000));
  segments.write(900, steps.data.subarray(dim * 900, dim * 3900));
  segments.write(5000, steps.data.subarray(dim * 5000));
  return segments;
}

/** Of each query and each of some rows. */
function products(segments: StepSegments, chosen?: Uint32Array): number[][] {
  const found = Array.from({ length: 3 }, (): number[] => []);
  for (const { first, end, of } of segments.products(queries, n)) {
    const rows = chosen?.filter((row) => row >= first && row < end).map((row) => row - first);
    for (let at = 0; at < (rows?.length ?? end - first); at += 1000) {
      const some = rows?.slice(at, at + 1000);
      const count = some?.length ?? Math.min(1000, end - first - at);
      const out = new Float64Array(3 * count + 5);
      if (some) of.gather!(some, out);
      else of(at, count, out);
      found.forEach((all, q) => all.push(...out.subarray(q * count, (q + 1) * count)));
    }
  }
  return found;
}

function expected(chosen: readonly number[]): number[][] {
  const at = ({ data }: Embeddings<'int8'>, row: number) => [...data.subarray(dim * row, dim * (row + 1))];
  return [0, 1, 2].map((q) =>
    chosen.map((row) => at(steps, row).reduce((sum, step, i) => sum + step * at(queries, q)[i]!, 0)),
  );
}

const all = Array.from({ length: n }, (_, row) => row);

it.each([0, 10_000, 30_000, 2 ** 20])(
  'multiplies rows of a file as those in memory, %i bytes of them there',
  (most) => {
    const segments = filled(memoryFile(most));
    expect(products(segments)).toEqual(expected(all));
    const next = seededRandom(3);
    for (const share of [0.002, 0.01, 0.2, 0.9]) {
      const chosen = all.filter((row) => next() < share || row === n - 1);
      expect(products(segments, Uint32Array.from(chosen))).toEqual(expected(chosen));
    }
  },
);

it.each([0, 10_000, 2 ** 20])('are the same when they are made again of their file, %i bytes in memory', (most) => {
  const file = memoryFile(most);
  filled(file).flush(n);
  expect(products(new StepSegments(dim, quantizingKernel, { file, rows: n }))).toEqual(expected(all));
});

it('come to memory when there are searches, and are read no more, what is written meanwhile with them', () => {
  const file = memoryFile(0);
  const segments = filled(file);
  const written = new Int8Array(3 * dim).fill(7);
  segments.warm();
  expect(file.rest()).toBe(true);
  segments.write(1023, written);
  segments.write(8000, written);
  while (file.rest());
  segments.write(1023, steps.data.subarray(1023 * dim, 1026 * dim));
  segments.write(8000, steps.data.subarray(8000 * dim, 8003 * dim));
  expect(products(new StepSegments(dim, quantizingKernel, { file: segments.flush(n), rows: n }))).toEqual(
    expected(all),
  );
  file.close();
  expect(products(segments)).toEqual(expected(all));
});

it('come to memory as far as there may be', () => {
  const file = memoryFile(0, 2 ** 20, 3000 * dim);
  const segments = filled(file);
  segments.warm();
  while (file.rest());
  expect(products(segments)).toEqual(expected(all));
  file.close();
  expect(() => products(segments)).toThrow(StepsLost);
});

it('stay in the file where there may be little of them in memory', () => {
  const file = memoryFile(0, 2 ** 20, Math.floor((n * dim) / 5));
  const segments = filled(file);
  segments.warm();
  expect(file.rest()).toBe(false);
  expect(products(segments)).toEqual(expected(all));
});

it('an index in a file has the same candidates, and is made again of what it keeps', () => {
  const config = { model: 'm', dim, precision: 'float32', fields: {} } as const;
  const rows = randomRows(n, dim, 4);
  const [there, kept] = [undefined, memoryFile(10_000)].map((file) => {
    const index = chooseIndex(config, quantizingKernel, [rows.data.subarray(0, dim)], file);
    index.set(0, Uint8Array.from(new Uint8Array(rows.data.buffer)), Array.from<undefined>({ length: n }));
    index.clear(7);
    return index.nearest(randomRows(3, dim, 2), 10, undefined);
  });
  expect(kept).toEqual(there);
});

it('goes on in memory when its file takes no more, and finds all', async () => {
  const config = { model: 'm', dim, precision: 'float32', fields: {} } as const;
  const rows = randomRows(n, dim, 4);
  const table = new SlotTable({});
  for (const id of names(n)) table.put(id, {});
  let made = 0;
  const index = new IndexedSearch(
    config,
    quantizingKernel,
    () => ({
      table,
      scaleAt: () => undefined,
      take: (slots) => ({
        read: (first, end, to = new Uint8Array((end - first) * dim * 4)) => {
          const from = new Uint8Array(rows.data.buffer, rows.data.byteOffset);
          for (let i = first; i < end; i++) {
            to.set(from.subarray(slots[i]! * dim * 4, (slots[i]! + 1) * dim * 4), (i - first) * dim * 4);
          }
          return to;
        },
        release: () => {},
      }),
    }),
    { newFile: () => (made++, memoryFile(10_000, 40_000)) },
  );
  const [hits] = await index.search(randomRows(1, dim, 2), { k: 10 });
  const [wanted] = exactSearch(rows)(randomRows(1, dim, 2), 10);
  expect(hits!.map(({ id }) => id)).toEqual(wanted!.map(({ row }) => `row ${row}`));
  expect(made).toBe(1);
});
