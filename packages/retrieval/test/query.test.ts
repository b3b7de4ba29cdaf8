import { describe, expect, it } from 'vitest';
import { parseQuery, queryRow } from '../src/index.ts';
import { rows } from './rows.ts';

describe('a query', () => {
  it.each([
    ['beach', ['beach'], []],
    ['  two   words ', ['two words'], []],
    ['beach -people', ['beach'], ['people']],
    ['beach - people', ['beach'], ['people']],
    ['beach - red cars - people', ['beach'], ['red cars', 'people']],
    ['-people beach', ['beach'], ['people']],
    ['sunset -"red car" -sea', ['sunset'], ['red car', 'sea']],
    ['sunset - "red car" at night', ['sunset'], ['red car at night']],
    ['dog minus cat', ['dog'], ['cat']],
    ['a dog without a red collar minus grass -sky blue', ['a dog blue'], ['a red collar', 'grass', 'sky']],
    ['Dog MINUS Cat', ['Dog'], ['Cat']],
    ['ice-cream at a drive-in', ['ice-cream at a drive-in'], []],
    ['"beach - people"', ['beach - people'], []],
    ['"a man without a hat" -"dog -cat"', ['a man without a hat'], ['dog -cat']],
    ['"big dog" -"unclosed thing', ['big dog'], ['unclosed thing']],
    ['-people', [], ['people']],
    ['beach -', ['beach'], []],
    ['beach minus ', ['beach'], []],
    ['withoutness minuscule', ['withoutness minuscule'], []],
    ['', [], []],
  ])('%j', (text, wanted, unwanted) => {
    expect(parseQuery(text)).toEqual({ wanted, unwanted });
  });

  it('of any length is read', () => {
    const words = 'a '.repeat(20_000);
    expect(parseQuery(`${words}minus${' '.repeat(20_000)}`).wanted[0]!.length).toBe(words.length - 1);
    expect(parseQuery(' -"'.repeat(5000)).unwanted).toEqual(Array.from({ length: 2500 }, () => '-'));
  });

  it('is a text', () => {
    // @ts-expect-error not a number
    expect(() => parseQuery(7)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
  });
});

describe('the row of a query', () => {
  const none = rows(2, []);
  const refusal = (code: string, message: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

  it('is what is wanted less half of what is not, of length 1, whatever the length of the rows', () => {
    expect(queryRow(rows(2, [3, 0]), none)).toEqual(rows(2, [1, 0]));
    const { data, shape } = queryRow(rows(2, [7, 0]), rows(2, [0, 2]));
    expect(shape).toEqual([1, 2]);
    expect(data[0]).toBeCloseTo(2 / Math.sqrt(5), 6);
    expect(data[1]).toBeCloseTo(-1 / Math.sqrt(5), 6);
    expect(queryRow(none, rows(2, [0, 1])).data[1]).toBe(-1);
  });

  it('is the mean of several', () => {
    const [x, y] = queryRow(rows(2, [1, 0, 0, 5]), rows(2, [0, 1, 0, 1])).data;
    expect(x).toBe(1);
    expect(y).toBeCloseTo(0, 7);
  });

  it('refuses what leaves nothing, other spaces and what is not finite', () => {
    const nothing = refusal('INPUT_INVALID', 'something to search for');
    expect(() => queryRow(none, none)).toThrow(nothing);
    expect(() => queryRow(rows(2, [0.6, 0.8, -0.6, -0.8]), none)).toThrow(nothing);
    expect(() => queryRow(rows(2, [0, 0]), none)).toThrow(nothing);
    expect(() => queryRow(rows(2, [1, 0]), rows(3, [1, 0, 0]))).toThrow(refusal('SHAPE_MISMATCH', 'dimension 2'));
    expect(() => queryRow(rows(2, [1, 0]), rows(2, [1, 0], 'n'))).toThrow(refusal('INPUT_INVALID', "rows of 'm'"));
    expect(() => queryRow(rows(2, [1, NaN]), none)).toThrow(refusal('INPUT_INVALID', 'finite'));
  });
});
