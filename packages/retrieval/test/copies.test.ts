import { expect, it } from 'vitest';
import { byWorth, type Copy, type Worth, worthOver } from '../src/index.ts';

const copy: Copy = { path: 'a.jpg', width: 100, height: 100, bytes: 1000, modified: 5 };

it.each<[string, Worth, Partial<Copy>]>([
  ['has more pixels', 'pixels', { width: 101, bytes: 1 }],
  ['has as many pixels and more bytes', 'bytes', { width: 200, height: 50, bytes: 1001, modified: 9 }],
  ['is as large, without loss', 'format', { path: 'b.PNG', modified: 9 }],
  ['is as large and older', 'age', { path: 'b.jpg', modified: 4 }],
  ['is equal and comes first by its path', 'path', { path: 'a.JPG' }],
])('the copy that %s is kept, for its %s', (_, worth, better) => {
  const best = { ...copy, ...better };
  expect(byWorth([copy, best])).toEqual([best, copy]);
  expect(byWorth([best, copy])).toEqual([best, copy]);
  expect(worthOver(best, copy)).toBe(worth);
});

it('what is no copy is refused', () => {
  const refusal = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
  // @ts-expect-error no list
  expect(() => byWorth(copy)).toThrow(refusal);
  // @ts-expect-error no path
  expect(() => byWorth([{}])).toThrow(refusal);
  // @ts-expect-error no copy
  expect(() => worthOver(copy, 'b.jpg')).toThrow(refusal);
});
