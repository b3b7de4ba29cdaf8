import { expect, it } from 'vitest';
import { batches } from '../src/index.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

it('groups in order, the last as it comes', async () => {
  expect(await all(batches([1, 2, 3, 4, 5], 2))).toEqual([[1, 2], [3, 4], [5]]);
  expect(await all(batches([], 2))).toEqual([]);
});

it('takes no more of an endless source than asked', async () => {
  let pulled = 0;
  async function* endless() {
    for (;;) yield pulled++;
  }
  for await (const batch of batches(endless(), 3)) {
    expect(batch).toEqual([0, 1, 2]);
    break;
  }
  expect(pulled).toBe(3);
});
