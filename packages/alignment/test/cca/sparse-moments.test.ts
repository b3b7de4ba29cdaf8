import type { EmbeddingError } from '@diptych/core';
import { seededRandom } from '@diptych/nn';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { type Moments, moments, type Rows, sparseMoments } from '../../src/index.ts';

const random = seededRandom(3);
const [images, captions] = [7, 20];
const x = rows(images, 4, () => 5 + random());
const y = rows(captions, 9, () => (random() < 0.3 ? random() : 0));
const rowOf = Array.from({ length: captions }, (_, i) => (i * 3) % images);

it('equals the moments of all values, zeros too', () => {
  const repeated = rows(captions, 4, (row, column) => x.data[rowOf[row]! * 4 + column]!);
  expectMoments(sparseMoments(x, y, rowOf), moments(repeated, y));
});

it('takes row by row where nothing else is said', () => {
  const alike = rows(images, 9, (row, column) => (row === column ? 1 : 0));
  expectMoments(sparseMoments(x, alike), moments(x, alike));
});

it('refuses what does not belong together', () => {
  expect(codeOf(() => sparseMoments(x, y))).toBe('SHAPE_MISMATCH');
  expect(codeOf(() => sparseMoments(x, y, rowOf.slice(1)))).toBe('SHAPE_MISMATCH');
  expect(codeOf(() => sparseMoments(x, y, [...rowOf.slice(1), images]))).toBe('SHAPE_MISMATCH');
  expect(
    codeOf(() =>
      sparseMoments(
        x,
        rows(captions, 9, () => Number.NaN),
        rowOf,
      ),
    ),
  ).toBe('INPUT_INVALID');
  expect(
    codeOf(() =>
      sparseMoments(
        x,
        rows(0, 9, () => 0),
        [],
      ),
    ),
  ).toBe('INPUT_INVALID');
});

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

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return (error as EmbeddingError).code;
  }
  return undefined;
}
