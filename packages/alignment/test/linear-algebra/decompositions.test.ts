import { seededRandom } from '@diptych/nn';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { svd, symmetricEigen } from '../../src/linear-algebra/decompositions.ts';
import {
  addToDiagonal,
  multiply,
  multiplyTransposed,
  scaleColumns,
  transpose,
  zeros,
} from '../../src/linear-algebra/matrix.ts';
import { cholesky, solveLower, solveLowerTransposed, solvePositive } from '../../src/linear-algebra/cholesky.ts';
import { thinQr } from '../../src/linear-algebra/qr.ts';
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
    const { u, values, v } = svd(a);
    expectClose(multiplyTransposed(scaleColumns(u, values), v).data, a.data, 1e-14);
    expectClose(multiply(transpose(u), u).data, identity(Math.min(n, m)), 1e-14);
    expectClose(multiply(transpose(v), v).data, identity(Math.min(n, m)), 1e-14);
    expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
  });

  it('of a matrix without rank end in zeros', () => {
    const a = multiply(randomRows(6, 2, random), randomRows(2, 5, random));
    expectClose(svd(a).values.slice(2), [0, 0, 0], 1e-15);
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

it('a triangle and orthonormal columns give back a tall matrix, with a column of zeros too', () => {
  const a = randomRows(9, 4, random);
  for (let i = 0; i < 9; i++) a.data[4 * i + 1] = 0;
  const { q, r } = thinQr(a);
  expectClose(multiply(q, r).data, a.data, 1e-15);
  expectClose(multiply(transpose(q), q).data, identity(4), 1e-15);
  expectClose([r.data[4]!, r.data[8]!, r.data[13]!], [0, 0, 0], 0);
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
    expectClose(multiply(a, solvePositive(a, b)).data, b.data, 1e-14);
    expectClose(multiply(cholesky(a), solveLower(cholesky(a), b)).data, b.data, 1e-14);
    expectClose(multiply(transpose(cholesky(a)), solveLowerTransposed(cholesky(a), b)).data, b.data, 1e-14);
  });

  it('refuses a matrix that is not positive definite', () => {
    const indefinite = addToDiagonal(zeros(3, 3), -1);
    expect(() => cholesky(indefinite)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
