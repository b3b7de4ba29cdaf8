import { expect, it } from 'vitest';
import { namedRows } from '../src/named-rows.ts';

const rows = (names: readonly string[]) =>
  namedRows({ data: Float32Array.from(names, (_, i) => i), shape: [names.length, 1] }, names, 'rows');

it('finds a row by its whole name, or by a path that ends with it', () => {
  const { of } = rows(['photos/a/1.jpg', 'photos/b/1.jpg', '1.jpg', 'photos/22.jpg']);
  expect([...of(['b/1.jpg', '1.jpg', '22.jpg']).values]).toEqual([1, 2, 3]);
});

it('refuses a name that two paths end with, and one that none does, by a whole part', () => {
  const { of } = rows(['photos/a/1.jpg', 'photos/b/1.jpg', 'photos/22.jpg']);
  expect(() => of(['1.jpg'])).toThrow("rows: expected one image '1.jpg', got 2 that end so");
  expect(() => of(['2.jpg'])).toThrow("rows: expected the image '2.jpg', got none");
});
