import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseQuery, queryRow } from '../../src/insight/query.ts';
import { dot, type Matrix, rowAt } from '../../src/insight/rows.ts';
import { type Collection, emojiCollection } from './emoji.ts';

describe('a query', () => {
  it.each([
    ['beach', ['beach'], []],
    ['  two   words ', ['two words'], []],
    ['beach -people', ['beach'], ['people']],
    ['-people beach', ['beach'], ['people']],
    ['sunset -"red car" -sea', ['sunset'], ['red car', 'sea']],
    ['dog minus cat', ['dog'], ['cat']],
    ['a dog without a red collar minus grass -sky', ['a dog'], ['a red collar', 'grass', 'sky']],
    ['Dog MINUS Cat', ['Dog'], ['Cat']],
    ['ice-cream at a drive-in', ['ice-cream at a drive-in'], []],
    ['"big dog" -"unclosed thing', ['big dog'], ['unclosed thing']],
    ['-people', [], ['people']],
    ['beach -', ['beach -'], []],
    ['beach minus ', ['beach'], []],
    ['withoutness minuscule', ['withoutness minuscule'], []],
    ['', [], []],
  ])('%j', (text, wanted, unwanted) => {
    expect(parseQuery(text)).toEqual({ wanted, unwanted });
  });

  it('of any length is read', () => {
    const words = 'a '.repeat(20_000);
    expect(parseQuery(`${words}minus${' '.repeat(20_000)}`).wanted[0]!.length).toBe(words.length - 1);
    expect(parseQuery(' - "'.repeat(5000)).unwanted).toEqual([]);
  });
});

describe('the row of a query', () => {
  const none: Matrix = { data: new Float32Array(), shape: [0, 2] };
  const matrix = (...rows: number[][]): Matrix => ({
    data: Float32Array.from(rows.flat()),
    shape: [rows.length, rows[0]!.length],
  });

  it('is what is wanted less half of what is not, of length 1', () => {
    expect(queryRow(matrix([1, 0]), none)).toEqual(Float32Array.of(1, 0));
    const [x, y] = queryRow(matrix([1, 0]), matrix([0, 1]))!;
    expect(x).toBeCloseTo(2 / Math.sqrt(5), 6);
    expect(y).toBeCloseTo(-1 / Math.sqrt(5), 6);
    expect(queryRow(none, matrix([0, 1]))![1]).toBe(-1);
  });

  it('is none where there is nothing', () => {
    expect(queryRow(none, none)).toBeUndefined();
    expect(queryRow(matrix([1, 0], [-1, 0]), none)).toBeUndefined();
  });

  describe('of real words', () => {
    let pictures: Collection;
    beforeAll(async () => {
      pictures = await emojiCollection();
    });
    afterAll(() => pictures[Symbol.dispose]());

    it('puts what is not wanted further back, and leaves what is wanted in front', async () => {
      const { photos, names } = pictures;
      const place = (row: Float32Array, name: string) => {
        const scores = names.map((_, i) => dot(row, rowAt(photos, i)));
        return scores.filter((score) => score > scores[names.indexOf(name)]!).length;
      };
      const words = await pictures.words(names);
      const one = (i: number): Matrix => ({ data: rowAt(words, i), shape: [1, words.shape[1]] });
      const known = names.filter((name, i) => place(rowAt(words, i), name) === 0).filter((_, i) => i % 5 === 0);
      expect(known.length).toBeGreaterThan(30);
      for (const [i, name] of known.entries()) {
        const other = known[(i + 1) % known.length]!;
        const plain = rowAt(words, names.indexOf(name));
        const less = queryRow(one(names.indexOf(name)), one(names.indexOf(other)))!;
        expect(place(less, name), `${name} minus ${other}`).toBe(0);
        expect(place(less, other), `${name} minus ${other}`).toBeGreaterThanOrEqual(place(plain, other));
      }
    });
  });
});
