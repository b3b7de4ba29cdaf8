import { EmbeddingError } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { compileFilter, type Fields, type Filter, type Metadata } from '../src/index.ts';

const fields: Fields = { kind: 'string', year: 'number', own: 'boolean' };
const rows: Metadata[] = [
  { kind: 'cat', year: 2001, own: true },
  { kind: 'dog', year: 2010, own: false },
  { kind: 'cat', year: 2020 },
  { year: 2010 },
  {},
];
const found = (filter: Filter) => rows.flatMap((row, i) => (compileFilter(filter, fields)(row) ? [i] : []));

it.each<[Filter, number[]]>([
  [{ field: 'kind', eq: 'cat' }, [0, 2]],
  [{ field: 'own', eq: false }, [1]],
  [{ field: 'year', in: [2001, 2020] }, [0, 2]],
  [{ field: 'kind', in: [] }, []],
  [{ field: 'year', gt: 2001 }, [1, 2, 3]],
  [{ field: 'year', gte: 2001, lt: 2020 }, [0, 1, 3]],
  [{ field: 'year', gte: 2010, lte: 2010 }, [1, 3]],
  [{ not: { field: 'kind', eq: 'cat' } }, [1, 3, 4]],
  [
    {
      and: [
        { field: 'kind', eq: 'cat' },
        { field: 'year', lt: 2010 },
      ],
    },
    [0],
  ],
  [{ or: [{ field: 'kind', eq: 'dog' }, { not: { field: 'year', gte: 0 } }] }, [1, 4]],
  [{ and: [] }, [0, 1, 2, 3, 4]],
  [{ or: [] }, []],
])('%j finds %j', (filter, wanted) => expect(found(filter)).toEqual(wanted));

describe('refuses', () => {
  it.each<[string, unknown]>([
    ['a field that is not declared', { field: 'size', eq: 1 }],
    ['a field that every object has', { field: 'constructor', eq: 'x' }],
    ['an operator that is not known', { field: 'year', like: 2 }],
    ['an operator that every object has', { field: 'year', toString: 2 }],
    ['a comparison by size of strings', { field: 'kind', gt: 'a' }],
    ['a value of another type', { field: 'year', eq: '2001' }],
    ['NaN', { field: 'year', gt: NaN }],
    ['one value of another type in a list', { field: 'kind', in: ['cat', 1] }],
    ['something else than a list', { field: 'kind', in: 'cat' }],
    ['a field without an operator', { field: 'kind' }],
    ['two joins at once', { and: [], or: [] }],
    ['nothing', {}],
    ['null', null],
    ['a mistake deep inside', { and: [{ not: { or: [{ field: 'nope', eq: 1 }] } }] }],
  ])('%s', (_, filter) => {
    expect(() => compileFilter(filter as Filter, fields)).toThrow(EmbeddingError);
    expect(() => compileFilter(filter as Filter, fields)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
