import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundled } from '@diptych/golden';
import { expect } from 'vitest';
import { openers } from './killed-stores.ts';

/** Three processes write to one place at the same time; every row of each is there, and the one of all is there once. */
export async function expectConcurrentWriters(name: string, place: string): Promise<void> {
  const writers = ['a', 'b', 'c'];
  const start = (prefix: string) =>
    promisify(execFile)(process.execPath, [bundled('test/store/concurrent-child.ts'), name, place, prefix]);
  await Promise.all(writers.map(start));
  await using store = await openers[name]!(place);
  expect(store.recovered.rows).toBe(3 * 120 + 1);
  for (const prefix of writers) {
    const rows = await store.get(Array.from({ length: 120 }, (_, i) => `${prefix} ${i}`));
    rows.forEach((stored, i) => {
      expect(stored!.row.data.every((value) => value === Math.floor(i / 3))).toBe(true);
    });
  }
  const ids: string[] = [];
  for await (const block of store.rows()) ids.push(...block.ids);
  expect(new Set(ids).size).toBe(361);
  expect(ids.length).toBe(361);
}
