import { groupBatches } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';

/** 1,000 images with five captions each. */
const groups = Array.from({ length: 5000 }, (_, caption) => Math.floor(caption / 5));

describe('groupBatches', () => {
  it('gives every row once, and no batch two rows of one group', () => {
    for (const size of [1, 16, 128, 900]) {
      const found = [...groupBatches(groups, { size, seed: 1 })];
      for (const batch of found) {
        expect(batch.length).toBeLessThanOrEqual(size);
        expect(new Set(Array.from(batch, (row) => groups[row])).size).toBe(batch.length);
      }
      expect(found.flatMap((batch) => [...batch]).toSorted((a, b) => a - b)).toEqual(groups.map((_, row) => row));
    }
  });

  it('gives no batch two rows of one of the other groups', () => {
    const others = [groups.map((_, row) => row % 700), groups.map((_, row) => row % 999)];
    const found = [...groupBatches(groups, { size: 64, seed: 1, others })];
    for (const of of [groups, ...others]) {
      for (const batch of found) expect(new Set(Array.from(batch, (row) => of[row])).size).toBe(batch.length);
    }
    expect(found.flatMap((batch) => [...batch]).toSorted((a, b) => a - b)).toEqual(groups.map((_, row) => row));
  });

  it('repeats with its seed and changes with the epoch', () => {
    const batches = (seed: number, epoch: number) => [...groupBatches(groups, { size: 64, seed, epoch })];
    expect(batches(1, 2)).toEqual(batches(1, 2));
    expect(batches(1, 2)).not.toEqual(batches(1, 3));
    expect(batches(1, 2)).not.toEqual(batches(2, 2));
  });

  it('leaves no more than one batch short where groups are many', () => {
    const sizes = [...groupBatches(groups, { size: 64, seed: 1 })].map(({ length }) => length);
    expect(sizes.filter((length) => length < 64).length).toBeLessThanOrEqual(2);
    expect([...groupBatches(groups, { size: 64, seed: 1, dropLast: true })].every(({ length }) => length === 64)).toBe(
      true,
    );
  });

  it('is a plain shuffle where every row is a group', () => {
    const own = groups.map((_, row) => row);
    const rows = [...groupBatches(own, { size: 64, seed: 1 })].flatMap((batch) => [...batch]);
    expect(rows).not.toEqual(own);
    expect(rows.toSorted((a, b) => a - b)).toEqual(own);
  });

  it('needs a size', () => {
    for (const size of [0, -1, 1.5, NaN]) {
      expect(() => [...groupBatches(groups, { size, seed: 1 })]).toThrow(
        expect.objectContaining({ code: 'INPUT_INVALID' }),
      );
    }
    expect([...groupBatches([], { size: 3, seed: 1 })]).toEqual([]);
  });
});
