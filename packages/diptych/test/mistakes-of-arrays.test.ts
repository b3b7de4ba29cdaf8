import * as core from '@diptych/core';
import * as evaluation from '@diptych/evaluation';
import { given } from '@diptych/golden';
import * as retrieval from '@diptych/retrieval';
import { it } from 'vitest';
import { expectMistake, type Mistake, ofAnother, rows, wide } from './mistakes.ts';

const scores = evaluation.cosineScores(rows, rows);
const store = retrieval.memoryStore({ model: 'm', dim: 2, precision: 'float32', fields: { year: 'number' } });
const search = retrieval.exactSearch(rows);

const mistakes: Readonly<Record<string, Mistake>> = {
  'cosineSimilarity: a list of lists': [
    () => core.cosineSimilarity(given([[1, 2]]), rows),
    'INPUT_INVALID',
    'similarity',
    'rows, { data, shape: [n, dim] }',
    'a list of 1',
  ],
  'quantize: null': [
    () => core.quantize(given(null), 'int8'),
    'INPUT_INVALID',
    'quantize',
    'rows, { data, shape: [n, dim] }',
    'null',
  ],
  'quantize: a precision that there is not': [
    () => core.quantize(rows, given('int4')),
    'INPUT_INVALID',
    'quantize',
    'a precision of float32, int8, uint8, binary, ubinary',
    "the string 'int4'",
  ],
  'quantize: a value that is no number': [
    () => core.quantize({ ...rows, data: Float32Array.of(1, NaN, 0, 1) }, 'int8'),
    'INPUT_INVALID',
    'quantize',
    'finite components',
    'NaN at row 0, component 1',
  ],
  'classPrompts: no templates': [
    () => core.classPrompts(['cat'], []),
    'INPUT_INVALID',
    'templates',
    'at least one, each with {} for the class',
    'none',
  ],
  'classRows: prompts that do not divide': [
    () => core.classRows(rows, 3),
    'SHAPE_MISMATCH',
    'classRows',
    'prompts that divide by 3 templates',
    '2',
  ],
  'reciprocalRankFusion: an item twice': [
    () => core.reciprocalRankFusion([['a', 'a']]),
    'INPUT_INVALID',
    'reciprocalRankFusion: list 0',
    'each item once',
    'one twice',
  ],
  'seededRandom: a seed that is none': [
    () => core.seededRandom(given('x')),
    'INPUT_INVALID',
    'seed',
    'an integer',
    'x',
  ],
  'exactSearch: null': [
    () => retrieval.exactSearch(given(null)),
    'INPUT_INVALID',
    'exactSearch',
    'rows, { data, shape: [n, dim] }',
    'null',
  ],
  'exactSearch: null as options': [
    () => retrieval.exactSearch(rows, given(null)),
    'INPUT_INVALID',
    'exactSearch: options',
    'an object',
    'null',
  ],
  'a search: of another width': [() => search(wide, 1), 'SHAPE_MISMATCH', 'exactSearch', 'dimension 2', '3'],
  'a search: of another model': [() => search(ofAnother, 1), 'INPUT_INVALID', 'exactSearch', "rows of 'm'", "'n'"],
  'a search: for none': [() => search(rows, 0), 'INPUT_INVALID', 'exactSearch: k', 'a positive integer', '0'],
  'clusters: more than rows': [() => retrieval.clusters(rows, 3), 'INPUT_INVALID', 'clusters', '1 to 2 clusters', '3'],
  'a store: an id twice': [() => store.upsert(['a', 'a'], rows), 'INPUT_INVALID', 'store', 'each id once', "'a' twice"],
  'a store: fewer ids than rows': [
    () => store.upsert(['a'], rows),
    'SHAPE_MISMATCH',
    'store',
    'as many as rows, 2',
    '1 ids and no metadata',
  ],
  'a store: rows of another model': [
    () => store.upsert(['a', 'b'], ofAnother),
    'INPUT_INVALID',
    'store',
    "rows of 'm'",
    "'n'",
  ],
  'a store: metadata of another type': [
    () => store.upsert(['a', 'b'], rows, [{ year: given('1999') }, {}]),
    'INPUT_INVALID',
    "store: 'a'",
    "a number as 'year'",
    '1999',
  ],
  'a store: a field that it lacks': [
    () => store.upsert(['a', 'b'], rows, [{ date: 5 }, {}]),
    'INPUT_INVALID',
    "store: 'a'",
    'a field among year',
    "'date'",
  ],
  'cosineScores: rows of two widths': [
    () => evaluation.cosineScores(rows, wide),
    'SHAPE_MISMATCH',
    'scores',
    'rows of one dimension',
    '2 and 3',
  ],
  'cosineScores: null': [
    () => evaluation.cosineScores(given(null), rows),
    'INPUT_INVALID',
    'scores',
    'rows, { data, shape: [n, dim] }',
    'null',
  ],
  'captionRetrieval: an image that there is not': [
    () => evaluation.captionRetrieval(scores, { imageOf: [0, 7] }),
    'INPUT_INVALID',
    'imageOf',
    'an index below 2 for caption 1',
    '7',
  ],
  'captionRetrieval: too few captions': [
    () => evaluation.captionRetrieval(scores, { imageOf: [0] }),
    'SHAPE_MISMATCH',
    'imageOf',
    '2 entries',
    '1',
  ],
  'captionRetrieval: folds that do not divide': [
    () => evaluation.captionRetrieval(scores, { folds: 3 }),
    'INPUT_INVALID',
    'folds',
    'a divisor of 2 images',
    '3',
  ],
  'bootstrap: no values': [
    () => evaluation.bootstrap([]),
    'INPUT_INVALID',
    'bootstrap',
    'numbers',
    '0 values with NaN or none',
  ],
  'accuracy: labels of other items': [
    () => evaluation.classification(scores, [0]),
    'SHAPE_MISMATCH',
    'labels',
    '2',
    '1',
  ],
  'pca: more components than there are': [
    () => evaluation.pca(rows, { components: 3 }),
    'INPUT_INVALID',
    'pca',
    '1 to 1 components',
    '3',
  ],
};

it.each(Object.entries(mistakes))('%s', async (_, mistake) => {
  await expectMistake(mistake);
});
