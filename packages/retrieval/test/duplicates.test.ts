import { cosineSimilarity } from '@diptych/core';
import { expect, it } from 'vitest';
import { duplicates } from '../src/index.ts';
import { clusteredRows, randomRows, rows } from './rows.ts';

it('groups copies, whatever their length', () => {
  const base = randomRows(300, 33, 1);
  const copy = (from: number, to: number) =>
    base.data.set(
      base.data.slice(from * 33, from * 33 + 33).map((v) => v * 7),
      to * 33,
    );
  copy(3, 140);
  copy(3, 290);
  copy(128, 129);
  expect(duplicates(base, 1)).toEqual([
    [3, 140, 290],
    [128, 129],
  ]);
});

it('joins rows through others between them', () => {
  const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const base = rows(2, [0, 90, 10, 20, 100].flatMap(at));
  expect(duplicates(base, Math.cos((11 * Math.PI) / 180))).toEqual([
    [0, 2, 3],
    [1, 4],
  ]);
});

it('finds the connected components of the definition', () => {
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
  expect(duplicates(base, threshold)).toEqual(wanted);
});

it('takes no zero row for a copy, and finds none among none', () => {
  expect(duplicates(rows(2, [0, 0, 0, 0]), 0.5)).toEqual([]);
  expect(duplicates(rows(2, []), 0.5)).toEqual([]);
});

it('refuses NaN and a threshold that is no cosine', () => {
  const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
  expect(() => duplicates(rows(1, [NaN]), 0.5)).toThrow(refused);
  for (const threshold of [1.1, -2, NaN]) expect(() => duplicates(rows(1, [1]), threshold)).toThrow(refused);
});
