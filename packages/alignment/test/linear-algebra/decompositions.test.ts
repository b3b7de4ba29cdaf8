import { atOnce, seededRandom } from '@diptych/core';
import { symmetricEigen } from '@diptych/core/eigen';
import { expectClose } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
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
    const { u, values, v } = atOnce(svd(a, plainAlgebra));
    expectClose(atOnce(multiplyTransposed(scaleColumns(u, values), v)).data, a.data, 1e-14);
    expectClose(atOnce(multiply(transpose(u), u)).data, identity(Math.min(n, m)), 1e-14);
    expectClose(atOnce(multiply(transpose(v), v)).data, identity(Math.min(n, m)), 1e-14);
    expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
  });

  it('of a matrix without rank end in zeros', () => {
    const a = atOnce(multiply(randomRows(6, 2, random), randomRows(2, 5, random)));
    expectClose(atOnce(svd(a, plainAlgebra)).values.slice(2), [0, 0, 0], 1e-15);
  });

  it('over fifteen decades are exact to 1e-14 of the largest, and the product of all three to 1e-12', () => {
    const of = (n: number) => atOnce(symmetricEigen(atOnce(multiplyBySelf(randomRows(n, n, random))))).vectors;
    const [left, right] = [of(40), of(60)];
    const expected = Array.from({ length: 40 }, (_, i) => 10 ** (-i * (15 / 39)));
    const middle = leadingColumns(right, 40);
    const a = atOnce(multiplyTransposed(scaleColumns(left, expected), middle));
    const { u, values, v } = atOnce(svd(a, plainAlgebra));
    expectClose(values, expected, 1e-14);
    expectClose(atOnce(multiplyTransposed(scaleColumns(u, values), v)).data, a.data, 1e-12);
    expectClose(atOnce(multiply(transpose(u), u)).data, identity(40), 5e-14);
    expectClose(atOnce(multiply(transpose(v), v)).data, identity(40), 1e-14);
  });

  it('of nothing are zeros, with orthonormal vectors all the same', () => {
    const { u, values, v } = atOnce(svd(zeros(3, 5), plainAlgebra));
    expect([...values]).toEqual([0, 0, 0]);
    expectClose(atOnce(multiply(transpose(u), u)).data, identity(3), 1e-14);
    expectClose(atOnce(multiply(transpose(v), v)).data, identity(3), 1e-14);
  });
});

describe('eigenvalues of a symmetric matrix', () => {
  it.each([1, 2, 8, 33])('come largest first, with orthonormal vectors: [%i, %i]', (n) => {
    const half = randomRows(n, n, random);
    const a = atOnce(multiplyTransposed(half, half));
    const { values, vectors } = atOnce(symmetricEigen(a));
    expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
    expectClose(atOnce(multiplyTransposed(scaleColumns(vectors, values), vectors)).data, a.data, 1e-14);
    expectClose(atOnce(multiply(transpose(vectors), vectors)).data, identity(n), 1e-14);
  });

  it('are those of what needs no turning, of equal values and of tiny and immense numbers', () => {
    expect([...atOnce(symmetricEigen(addToDiagonal(zeros(4, 4), 1))).values]).toEqual([1, 1, 1, 1]);
    expect([...atOnce(symmetricEigen(zeros(3, 3))).values]).toEqual([0, 0, 0]);
    for (const size of [1e-200, 1e200]) {
      const { values } = atOnce(symmetricEigen({ data: Float64Array.of(size, size, size, size), shape: [2, 2] }));
      expectClose([values[0]! / size, values[1]! / size], [2, 0], 1e-12);
    }
  });

  it('are found where most are rounding alone', () => {
    const a = atOnce(multiplyBySelf(transpose(randomRows(72, 253, random))));
    const { values, vectors } = atOnce(symmetricEigen(a));
    expectClose(values.slice(72), new Float64Array(181), 1e-12);
    expectClose(atOnce(multiply(transpose(vectors), vectors)).data, identity(253), 1e-12);
  });

  it('are found where most are tiny', () => {
    const tiny = zeros(40, 40);
    for (let i = 0; i < 40; i++) for (let j = 0; j < 40; j++) tiny.data[i * 40 + j] = 1e-160 / (1 + Math.abs(i - j));
    tiny.data[0] = 1;
    const { values, vectors } = atOnce(symmetricEigen(tiny));
    expectClose(values.slice(0, 2), [1, 0], 1e-15);
    expectClose(atOnce(multiply(transpose(vectors), vectors)).data, identity(40), 1e-14);
  });

  it('are found in pieces, most of them turning the vectors', () => {
    const half = randomRows(250, 250, random);
    expect([...symmetricEigen(addToDiagonal(half, 1))].length).toBeGreaterThan(5);
  });

  it('are refused where there is none', () => {
    const endless = addToDiagonal(zeros(3, 3), Infinity);
    expect(() => atOnce(symmetricEigen(endless))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('Cholesky', () => {
  const half = randomRows(6, 6, random);
  const a = addToDiagonal(atOnce(multiplyTransposed(half, half)), 0.5);
  const b = randomRows(6, 3, random);

  it('gives the lower triangle', () => {
    const lower = atOnce(cholesky(a));
    expectClose(atOnce(multiplyTransposed(lower, lower)).data, a.data, 1e-15);
  });

  it('solves', () => {
    expectClose(atOnce(multiply(atOnce(cholesky(a)), atOnce(solveLower(atOnce(cholesky(a)), b)))).data, b.data, 1e-14);
    expectClose(
      atOnce(multiply(transpose(atOnce(cholesky(a))), atOnce(solveLowerTransposed(atOnce(cholesky(a)), b)))).data,
      b.data,
      1e-14,
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    const indefinite = addToDiagonal(zeros(3, 3), -1);
    expect(() => atOnce(cholesky(indefinite))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
