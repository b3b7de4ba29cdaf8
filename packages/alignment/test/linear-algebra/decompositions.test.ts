import { seededRandom } from '@diptych/core';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../src/linear-algebra/decompositions.ts';
import { plainAlgebra } from '../../src/linear-algebra/plain.ts';
import { svd } from '../../src/linear-algebra/svd.ts';
import {
  addToDiagonal,
  leadingColumns,
  multiply,
  multiplyBySelf,
  multiplyTransposed,
  scaleColumns,
  transpose,
  zeros,
} from '../../src/linear-algebra/matrix.ts';
import { cholesky, solveLower, solveLowerTransposed } from '../../src/linear-algebra/cholesky.ts';
import { randomRows } from '../rows.ts';

const random = seededRandom(5);
const identity = (n: number) => addToDiagonal(zeros(n, n), 1).data;

describe('singular values', () => {
  it.each([
    [7, 7],
    [9, 4],
    [4, 9],
    [1, 5],
  ])('give back a matrix [%i, %i]', (n, m) => {
    const a = randomRows(n, m, random);
    const { u, values, v } = svd(a, plainAlgebra);
    expectClose(multiplyTransposed(scaleColumns(u, values), v).data, a.data, 1e-14);
    expectClose(multiply(transpose(u), u).data, identity(Math.min(n, m)), 1e-14);
    expectClose(multiply(transpose(v), v).data, identity(Math.min(n, m)), 1e-14);
    expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
  });

  it('of a matrix without rank end in zeros', () => {
    const a = multiply(randomRows(6, 2, random), randomRows(2, 5, random));
    expectClose(svd(a, plainAlgebra).values.slice(2), [0, 0, 0], 1e-15);
  });

  it('over fifteen decades are exact to 1e-14 of the largest, and the product of all three to 1e-12', () => {
    const of = (n: number) => symmetricEigen(multiplyBySelf(randomRows(n, n, random))).vectors;
    const [left, right] = [of(40), of(60)];
    const expected = Array.from({ length: 40 }, (_, i) => 10 ** (-i * (15 / 39)));
    const middle = leadingColumns(right, 40);
    const a = multiplyTransposed(scaleColumns(left, expected), middle);
    const { u, values, v } = svd(a, plainAlgebra);
    expectClose(values, expected, 1e-14);
    expectClose(multiplyTransposed(scaleColumns(u, values), v).data, a.data, 1e-12);
    expectClose(multiply(transpose(u), u).data, identity(40), 5e-14);
    expectClose(multiply(transpose(v), v).data, identity(40), 1e-14);
  });

  it('of nothing are zeros, with orthonormal vectors all the same', () => {
    const { u, values, v } = svd(zeros(3, 5), plainAlgebra);
    expect([...values]).toEqual([0, 0, 0]);
    expectClose(multiply(transpose(u), u).data, identity(3), 1e-14);
    expectClose(multiply(transpose(v), v).data, identity(3), 1e-14);
  });
});

it('eigenvalues of a symmetric matrix come largest first, with orthonormal vectors', () => {
  const half = randomRows(8, 8, random);
  const a = multiplyTransposed(half, half);
  const { values, vectors } = symmetricEigen(a);
  expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
  expectClose(multiplyTransposed(scaleColumns(vectors, values), vectors).data, a.data, 1e-14);
  expectClose(multiply(transpose(vectors), vectors).data, identity(8), 1e-14);
});

describe('Cholesky', () => {
  const half = randomRows(6, 6, random);
  const a = addToDiagonal(multiplyTransposed(half, half), 0.5);
  const b = randomRows(6, 3, random);

  it('gives the lower triangle', () => {
    const lower = cholesky(a);
    expectClose(multiplyTransposed(lower, lower).data, a.data, 1e-15);
  });

  it('solves', () => {
    expectClose(multiply(cholesky(a), solveLower(cholesky(a), b)).data, b.data, 1e-14);
    expectClose(multiply(transpose(cholesky(a)), solveLowerTransposed(cholesky(a), b)).data, b.data, 1e-14);
  });

  it('refuses a matrix that is not positive definite', () => {
    const indefinite = addToDiagonal(zeros(3, 3), -1);
    expect(() => cholesky(indefinite)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
