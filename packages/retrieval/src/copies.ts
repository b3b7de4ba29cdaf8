import { expectFields, expectList, expectText } from '@diptych/core';

/** What is known of a picture's file. */
export interface Copy {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** What one copy is kept for rather than another: most pixels, most bytes, a format without loss, its age, or nothing but its path. */
export type Worth = 'pixels' | 'bytes' | 'format' | 'age' | 'path';

type Order = (a: Copy, b: Copy) => number;

const orders: readonly (readonly [Worth, Order])[] = [
  ['pixels', (a, b) => b.width * b.height - a.width * a.height],
  ['bytes', (a, b) => b.bytes - a.bytes],
  ['format', (a, b) => Number(isWithoutLoss(b)) - Number(isWithoutLoss(a))],
  ['age', (a, b) => a.modified - b.modified],
  ['path', (a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))],
];

/**
 * Of near-duplicates the best first: most pixels, then most bytes, then a format without loss, then the oldest, then by path.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no list of copies.
 */
export function byWorth<C extends Copy>(copies: readonly C[]): readonly C[] {
  expectList(copies, 'byWorth');
  const all = Array.from(copies);
  for (const copy of all) expectCopy(copy, 'byWorth');
  return all.toSorted((a, b) => difference(a, b)[1]);
}

/**
 * Why `byWorth` has `best` before `other`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no copy.
 */
export function worthOver(best: Copy, other: Copy): Worth {
  for (const copy of [best, other]) expectCopy(copy, 'worthOver');
  return difference(best, other)[0];
}

function expectCopy(copy: Copy, where: string): void {
  expectFields(copy, where);
  expectText(copy.path, `${where}: path`);
}

/** What they first differ in, and how. */
function difference(a: Copy, b: Copy): readonly [Worth, number] {
  for (const [worth, order] of orders) {
    const sign = order(a, b);
    if (sign !== 0) return [worth, sign];
  }
  return ['path', 0];
}

function isWithoutLoss({ path }: Copy): boolean {
  return /\.(?:png|tiff?|bmp)$/i.test(path);
}
