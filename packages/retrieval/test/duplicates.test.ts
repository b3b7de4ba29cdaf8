import { cosineSimilarity, type SearchKernel } from '@diptych/core';
import { expect, it } from 'vitest';
import { duplicates } from '../src/index.ts';
import { clusteredRows, randomRows, rows } from './rows.ts';

it('groups copies, whatever their length', async () => {
  const base = randomRows(300, 33, 1);
  const copy = (from: number, to: number) =>
    base.data.set(
      base.data.slice(from * 33, from * 33 + 33).map((v) => v * 7),
      to * 33,
    );
  copy(3, 140);
  copy(3, 290);
  copy(128, 129);
  expect(await duplicates(base, 1)).toEqual([
    [3, 140, 290],
    [128, 129],
  ]);
});

it('joins rows through others between them', async () => {
  const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const base = rows(2, [0, 90, 10, 20, 100].flatMap(at));
  expect(await duplicates(base, Math.cos((11 * Math.PI) / 180))).toEqual([
    [0, 2, 3],
    [1, 4],
  ]);
});

it('finds the connected components of the definition', async () => {
  const base = clusteredRows(150, 16, { spread: 0.6 });
  const cosines = cosineSimilarity(base, base);
  const threshold = 0.8;
  const label = Array.from({ length: 150 }, (_, i) => i);
  for (let round = 0; round < 150; round++) {
    cosines.forEach((cosine, at) => {
      const [a, b] = [Math.floor(at / 150), at % 150];
      if (cosine >= threshold) label[a] = label[b] = Math.min(label[a]!, label[b]!);
    });
  }
  const groups = [...new Set(label)].map((first) => [...label.keys()].filter((row) => label[row] === first));
  const wanted = groups.filter(({ length }) => length > 1);
  expect(wanted.length).toBeGreaterThan(3);
  expect(await duplicates(base, threshold)).toEqual(wanted);
});

it('takes no zero row for a copy, and finds none among none', async () => {
  expect(await duplicates(rows(2, [0, 0, 0, 0]), 0.5)).toEqual([]);
  expect(await duplicates(rows(2, []), 0.5)).toEqual([]);
});

it('refuses NaN and a threshold that is no cosine', async () => {
  const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
  await expect(duplicates(rows(1, [NaN]), 0.5)).rejects.toThrow(refused);
  for (const threshold of [1.1, -2, NaN]) await expect(duplicates(rows(1, [1]), threshold)).rejects.toThrow(refused);
});

it('tells how many rows are compared with all, up to the last', async () => {
  const told: number[] = [];
  await duplicates(randomRows(300, 4, 1), 0.9, { onProgress: (done) => told.push(done) });
  expect(told).toEqual([128, 256, 300]);
});

it('asks the kernel that it is given for products', async () => {
  let products = 0;
  const kernel: SearchKernel<'float32'> = () => () => (first, count, out) => {
    products += count;
    out.fill(first + count > 200 ? 1 : 0);
  };
  const all = await duplicates(randomRows(201, 2, 1), 0.5, { kernel });
  expect([products, all.length]).toEqual([201 + 73, 1]);
});
