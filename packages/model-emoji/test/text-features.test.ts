import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { textFeatures } from '../src/text-features.ts';

const buckets = 20_000;
const features = textFeatures(buckets);

async function idsOf(text: string): Promise<number[]> {
  const { ids, mask } = await features([text]);
  return [...ids].filter((_, i) => mask[i]);
}

it('a word gives itself and its runs of two to four characters between marks', async () => {
  // <cat> and its 4 + 3 + 2 runs
  expect(await idsOf('cat')).toHaveLength(1 + 4 + 3 + 2);
  // <猫> and its 2 runs; what is as long as the word is not counted twice
  expect(await idsOf('猫')).toHaveLength(1 + 2);
});

it('the same features come from capitals, wide letters and other spaces', async () => {
  const expected = await idsOf('cat face');
  for (const text of ['Cat FACE', 'ｃａｔ　face', ' cat\n face ']) expect(await idsOf(text)).toEqual(expected);
});

it('words keep their features beside others', async () => {
  expect(await idsOf('red cat')).toEqual([...(await idsOf('red')), ...(await idsOf('cat'))]);
});

it('vowel signs and combining marks belong to their word', async () => {
  expect(await idsOf('बिल्ली')).toHaveLength(1 + 7 + 6 + 5);
});

it('symbols are words, space alone is nothing', async () => {
  expect(await idsOf('#')).toHaveLength(3);
  expect(await idsOf('   ')).toEqual([]);
  expect(await features([''])).toEqual({ ids: Int32Array.of(0), mask: Int32Array.of(0), shape: [1, 1] });
});

it('a text of more than 512 features has lost its end, and says so', async () => {
  const symbols = (count: number) => Array.from({ length: count }, () => '#').join(' '); // 3 features each.
  const { mask, shape, cut } = await features([symbols(170), symbols(171), `${symbols(170)} 猫`]);
  expect(shape).toEqual([3, 512]);
  expect(cut).toEqual(Uint8Array.of(0, 1, 1));
  expect([0, 1, 2].map((i) => mask.subarray(i * 512, (i + 1) * 512).reduce((sum, one) => sum + one, 0))).toEqual([
    510, 512, 512,
  ]);
});

it('words spread evenly over the buckets', async () => {
  const { ids, shape } = await textFeatures(100)(Array.from({ length: 10_000 }, (_, i) => `w${i}x`));
  const counts = Array.from({ length: 100 }, () => 0);
  for (let text = 0; text < shape[0]; text++) counts[ids[text * shape[1]]!]!++;
  // 100 each; five standard deviations of a binomial are 50
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(150);
});

it('texts are padded to the longest, and a very long one is cut', async () => {
  const { ids, mask, shape } = await features(['cat', 'a', 'word '.repeat(1000)]);
  expect(shape).toEqual([3, 512]);
  expect(mask.subarray(0, 512).reduce((sum, counts) => sum + counts)).toBe(10);
  expect([...ids.subarray(0, 10)]).toEqual(await idsOf('cat'));
});

it.each([[['a']], 5, null])('%j among texts is refused by its place', (value) => {
  const refused = { code: 'INPUT_INVALID', where: 'texts[1]', expected: 'a string' };
  expect(() => features(['a', given(value)])).toThrow(expect.objectContaining(refused) as Error);
});
