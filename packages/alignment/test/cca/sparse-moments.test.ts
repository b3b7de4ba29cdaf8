import { type EmbeddingError, seededRandom, type SparseRows } from '@diptych/core';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { type Moments, moments, type Rows, sparseMoments } from '../../src/index.ts';

const random = seededRandom(3);
const [images, captions] = [7, 20];
const x = rows(images, 4, () => 5 + random());
const y = rows(captions, 9, () => (random() < 0.3 ? random() : 0));
const rowOf = Array.from({ length: captions }, (_, i) => (i * 3) % images);

it('equals the moments of all values, zeros too', async () => {
  const repeated = rows(captions, 4, (row, column) => x.data[rowOf[row]! * 4 + column]!);
  expectMoments(await sparseMoments(x, y, { rowOf }), await moments(repeated, y));
});

it('takes row by row where nothing else is said', async () => {
  const alike = rows(images, 9, (row, column) => (row === column ? 1 : 0));
  expectMoments(await sparseMoments(x, alike), await moments(x, alike));
});

it('refuses what does not belong together', async () => {
  expect(await codeOf(sparseMoments(x, y))).toBe('SHAPE_MISMATCH');
  expect(await codeOf(sparseMoments(x, y, { rowOf: rowOf.slice(1) }))).toBe('SHAPE_MISMATCH');
  expect(await codeOf(sparseMoments(x, y, { rowOf: [...rowOf.slice(1), images] }))).toBe('SHAPE_MISMATCH');
  const empty = rows(0, 9, () => 0);
  const broken = rows(captions, 9, () => Number.NaN);
  expect(await codeOf(sparseMoments(x, broken, { rowOf }))).toBe('INPUT_INVALID');
  expect(await codeOf(sparseMoments(x, empty, { rowOf: [] }))).toBe('INPUT_INVALID');
});

describe('rows without their zeros', () => {
  const sparse = withoutZeros(y);

  it('have the same moments, to the last bit', async () => {
    expect(sparse.values.length).toBeLessThan(y.data.length / 2);
    expect(await sparseMoments(x, sparse, { rowOf })).toEqual(await sparseMoments(x, y, { rowOf }));
  });

  it('may be of immense width', async () => {
    const wide: SparseRows = {
      ...sparse,
      columns: sparse.columns.map((column) => 90 * column),
      shape: [captions, 801],
    };
    const [found, expected] = [await sparseMoments(x, wide, { rowOf }), await sparseMoments(x, sparse, { rowOf })];
    expect(found.xy.data.filter((_, i) => i % 801 === 90)).toEqual(expected.xy.data.filter((_, i) => i % 9 === 1));
  });

  it.each([
    ['no row', { shape: [0, 9], starts: Uint32Array.of(0), values: new Float32Array(0), columns: new Uint32Array(0) }],
    ['a start too few', { starts: sparse.starts.slice(1) }],
    ['a start behind the next', { starts: sparse.starts.with(1, 1e6) }],
    ['columns for other values', { columns: sparse.columns.slice(1) }],
    ['values after the last row', { starts: sparse.starts.with(captions, sparse.values.length - 1) }],
    ['NaN', { values: sparse.values.with(1, Number.NaN) }],
    ['a column too far', { columns: sparse.columns.with(1, 9) }],
    ['a column twice', { columns: sparse.columns.with(1, sparse.columns[0]!) }],
  ] as const)('are refused with %s', async (_, change) => {
    const given = { ...sparse, ...change };
    const pairs = { rowOf: rowOf.slice(0, given.shape[0]) };
    expect(await codeOf(sparseMoments(x, given, pairs))).toBe('INPUT_INVALID');
  });
});

/** As scipy's `csr_matrix(dense)`. */
function withoutZeros({ data, shape }: Rows): SparseRows {
  const [values, columns, starts]: [number[], number[], number[]] = [[], [], [0]];
  for (let row = 0; row < shape[0]; row++) {
    for (let column = 0; column < shape[1]; column++) {
      const value = data[row * shape[1] + column]!;
      if (value !== 0) [values[values.length], columns[columns.length]] = [value, column];
    }
    starts.push(values.length);
  }
  return {
    values: Float64Array.from(values),
    columns: Uint32Array.from(columns),
    starts: Uint32Array.from(starts),
    shape,
  };
}

function expectMoments(found: Moments, expected: Moments): void {
  expect(found.n).toBe(expected.n);
  expectClose(found.meanX, expected.meanX, 1e-14);
  expectClose(found.meanY, expected.meanY, 1e-14);
  for (const part of ['xx', 'yy', 'xy'] as const) {
    expect(found[part].shape).toEqual(expected[part].shape);
    expectClose(found[part].data, expected[part].data, 1e-12);
  }
}

function rows(n: number, width: number, value: (row: number, column: number) => number): Rows {
  const data = Float64Array.from({ length: n * width }, (_, i) => value(Math.floor(i / width), i % width));
  return { data, shape: [n, width] };
}

async function codeOf(found: Promise<unknown>): Promise<string | undefined> {
  return found.then(
    () => undefined,
    (error: EmbeddingError) => error.code,
  );
}
