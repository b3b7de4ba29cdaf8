import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOff, type Floor, learnFloor } from '../../src/insight/cut-off.ts';
import { dot, type Matrix, rowAt } from '../../src/insight/rows.ts';
import { type Collection, emojiCollection } from './emoji.ts';

const scoresOf = (row: Float32Array, photos: Matrix) =>
  Float32Array.from({ length: photos.shape[0] }, (_, i) => dot(row, rowAt(photos, i)));

describe('a cut-off', () => {
  const floor: Floor = { score: 0.3, distance: 2 };

  it('is the floor where the bulk lies low, and above the bulk where that lies high', () => {
    expect(cutOff([0, 0.01, -0.01, 0.02, 0.4], floor)).toBe(0.3);
    // Median 0.52, median distance 0.01.
    expect(cutOff([0.5, 0.51, 0.52, 0.53, 0.9], floor)).toBeCloseTo(0.52 + 2 * 1.4826 * 0.01, 12);
  });

  it('finds nothing among scores that are all alike', () => {
    const alike = [0.2, 0.2, 0.2];
    expect(alike.filter((score) => score >= cutOff(alike, floor))).toEqual([]);
  });
});

describe('a floor', () => {
  let pictures: Collection;
  let floor: Floor;
  beforeAll(async () => {
    pictures = await emojiCollection();
    floor = await learnFloor(pictures.photos, pictures.others);
  });
  afterAll(() => pictures[Symbol.dispose]());

  it('refuses words for what is not there, and keeps what is found rightly', () => {
    const { photos, present, absent } = pictures;
    const found = (words: Matrix, word: number) => {
      const scores = scoresOf(rowAt(words, word), photos);
      const bar = cutOff(scores, floor);
      const best = scores.indexOf(Math.max(...scores));
      return { fits: scores[best]! >= bar, best, count: scores.filter((score) => score >= bar).length };
    };
    const missed = Array.from({ length: absent.shape[0] }, (_, word) => found(absent, word));
    const met = Array.from({ length: present.shape[0] }, (_, word) => found(present, word));
    const right = met.filter(({ best }, word) => best === word);
    const share = (all: readonly { readonly fits: boolean }[]) => all.filter(({ fits }) => fits).length / all.length;
    expect(share(missed)).toBeLessThan(0.12);
    expect(share(right)).toBeGreaterThan(0.95);
    // A few pictures stand out, not all.
    expect(right.reduce((sum, { count }) => sum + count, 0) / right.length).toBeLessThan(6);
  });

  it('is hardly moved by a few words for what is there', async () => {
    const { photos, others, present } = pictures;
    const dim = others.shape[1];
    const data = new Float32Array([...present.data.subarray(0, 8 * dim), ...others.data.subarray(8 * dim)]);
    const moved = await learnFloor(photos, { data, shape: others.shape });
    expect(Math.abs(moved.score - floor.score)).toBeLessThan(0.03);
  });

  it('ends with the reason of its signal', async () => {
    const stopped = new Error('stopped');
    await expect(learnFloor(pictures.photos, pictures.others, AbortSignal.abort(stopped))).rejects.toBe(stopped);
  });
});
