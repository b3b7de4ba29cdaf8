import { sparseTfIdf, tfIdf, wordWeights } from '@diptych/preprocessing';
import { expect, it } from 'vitest';

const texts = ['a dog and a dog', 'a cat', 'the cat sat'];

it('word weights are the smoothed inverse document frequencies of scikit-learn', () => {
  const { words, weights } = wordWeights(texts, { minCount: 1 });
  expect(words).toEqual(['a', 'cat', 'dog', 'and', 'the', 'sat']);
  const [often, once] = [1 + Math.log(4 / 3), 1 + Math.log(4 / 2)];
  expect(weights).toEqual([often, often, once, once, once, once]);
  expect(wordWeights(texts, { minCount: 2 }).words).toEqual(['a', 'cat']);
  expect(wordWeights(texts, { minCount: 1, maxWords: 3 }).words).toEqual(['a', 'cat', 'dog']);
});

it('features are counts times weights, of length 1', () => {
  const { values, shape } = tfIdf(wordWeights(texts, { minCount: 1 }))(['a dog and a dog', 'Dog!', 'bird', '']);
  expect(shape).toEqual([4, 6]);
  // TfidfVectorizer(token_pattern=r'\w+').fit(texts).transform(texts)[0]: 'a' twice, 'dog' twice, 'and' once.
  const [often, once] = [1 + Math.log(4 / 3), 1 + Math.log(4 / 2)];
  const norm = Math.hypot(2 * often, 2 * once, once);
  const first = [2 * often, 0, 2 * once, once, 0, 0].map((value) => Math.fround(value / norm));
  expect([...values.subarray(0, 6)].map((value, i) => Math.abs(value - first[i]!) < 1e-7)).toEqual(
    first.map(() => true),
  );
  expect([...values.subarray(6)]).toEqual([0, 0, 1, 0, 0, 0, ...Array.from({ length: 12 }, () => 0)]);
});

it('features without zeros are the same, row after row', () => {
  const weights = wordWeights(texts, { minCount: 1 });
  const [dense, sparse] = [tfIdf(weights), sparseTfIdf(weights)].map((bags) =>
    bags(['a dog and a dog', '', 'Sat cat']),
  );
  const { values, columns, starts, shape } = sparse as ReturnType<ReturnType<typeof sparseTfIdf>>;
  expect(shape).toEqual([3, 6]);
  expect([...starts]).toEqual([0, 3, 3, 5]);
  expect([...columns]).toEqual([0, 2, 3, 5, 1]);
  expect([...values]).toEqual([0, 2, 3, 17, 13].map((at) => dense!.values[at]));
});
