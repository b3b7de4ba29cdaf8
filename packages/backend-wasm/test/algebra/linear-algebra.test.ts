import { atOnce, type DoubleMatrix, inTurns, type LinearAlgebra } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { linearAlgebraOf } from '../../src/algebra/linear-algebra.ts';
import { kernelVariant } from '../../src/kernels/binary.ts';

const variants = kernelVariant() === 'simd' ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const);

describe.each(variants)('linear algebra in WebAssembly, %s', async (variant) => {
  const algebra = (await linearAlgebraOf(variant)) as LinearAlgebra;

  it.each([
    [1, 1, 1],
    [7, 5, 3],
    [101, 300, 67],
    [5, 0, 3],
    [0, 4, 2],
  ])('multiplies [%i, %i] by %i columns, transposed or not', (m, k, n) => {
    const [a, b] = [random(m, k), random(k, n)];
    const expected = product(a, b);
    expectNear(atOnce(algebra.multiply(a, b)), expected, 1e-12);
    expectNear(atOnce(algebra.multiply(transposed(a), b, 'a')), expected, 1e-12);
    expectNear(atOnce(algebra.multiply(a, transposed(b), 'b')), expected, 1e-12);
    const square = atOnce(algebra.gram(b));
    expectNear(square, product(transposed(b), b), 1e-12);
    expect(square.data).toEqual(transposed(square).data);
  });

  it('refuses factors that do not fit', () => {
    expect(() => atOnce(algebra.multiply(random(2, 3), random(4, 2)))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: 'product: expected a factor of 3 rows, got 4' }),
    );
  });

  it.each([1, 2, 5, 64, 65, 130])('finds the triangle and the eigenvectors of a matrix of %i', (n) => {
    const a = atOnce(algebra.gram(random(n + 5, n)));
    for (let i = 0; i < n; i++) a.data[i * n + i]! += 1;
    const l = atOnce(algebra.cholesky(a));
    expectNear(product(l, transposed(l)), a, 1e-12);
    expect(l.data.every((value, i) => i % n <= Math.floor(i / n) || value === 0)).toBe(true);
    const b = random(n, 37);
    expectNear(product(l, atOnce(algebra.solveLower(l, b))), b, 1e-12);
    expectNear(product(transposed(l), atOnce(algebra.solveLower(l, b, 'transposed'))), b, 1e-12);
    const { values, vectors } = atOnce(algebra.symmetricEigen(a));
    const scaled = { ...vectors, data: vectors.data.map((value, i) => value * values[i % n]!) };
    expectNear(product(scaled, transposed(vectors)), a, 1e-11);
    expectNear(product(transposed(vectors), vectors), identity(n), 1e-13);
    expect([...values]).toEqual([...values].toSorted((x, y) => y - x));
  });

  it('finds eigenvectors of what needs no turning, of equal values and of tiny and immense numbers', () => {
    expect([...atOnce(algebra.symmetricEigen(identity(4))).values]).toEqual([1, 1, 1, 1]);
    expect([...atOnce(algebra.symmetricEigen({ data: new Float64Array(9), shape: [3, 3] })).values]).toEqual([0, 0, 0]);
    for (const size of [1e-200, 1e200]) {
      const { values } = atOnce(
        algebra.symmetricEigen({ data: Float64Array.of(size, size, size, size), shape: [2, 2] }),
      );
      expect(values[0]! / size).toBeCloseTo(2, 12);
      expect(values[1]! / size).toBeCloseTo(0, 12);
    }
  });

  it.each([
    [253, 72],
    [300, 100],
  ])('finds eigenvectors of a matrix of %i whose rank is %i', (n, rank) => {
    const a = atOnce(algebra.gram(random(rank, n)));
    const { values, vectors } = atOnce(algebra.symmetricEigen(a));
    expect(values[rank - 1]).toBeGreaterThan(1);
    expect(values.slice(rank).every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expectNear(product(transposed(vectors), vectors), identity(n), 1e-12);
  });

  it('finds eigenvectors where most numbers are tiny', () => {
    const tiny = {
      data: Float64Array.from({ length: 1600 }, (_, i) => 1e-160 / (1 + (i % 7))),
      shape: [40, 40],
    } as const;
    const a = atOnce(algebra.multiply(tiny, tiny, 'b'));
    for (const matrix of [
      a,
      atOnce(algebra.gram(tiny)),
      { ...tiny, data: transposed(tiny).data.map((v, i) => v + tiny.data[i]!) },
    ]) {
      matrix.data[0] = 1;
      const { values, vectors } = atOnce(algebra.symmetricEigen(matrix));
      expect(values[0]).toBeCloseTo(1, 14);
      expect(Math.abs(values[1]!)).toBeLessThan(1e-15);
      expectNear(product(transposed(vectors), vectors), identity(40), 1e-13);
    }
  });

  it('computes what is large in pieces', () => {
    const a = random(500, 500);
    const large = [algebra.multiply(a, a), algebra.gram(a), algebra.symmetricEigen(a), algebra.solveLower(a, a)];
    for (const steps of large) expect([...steps].length).toBeGreaterThan(1);
    expect([...algebra.symmetricEigen(a)].length).toBeGreaterThan(40);
  });

  it('gives the same however several computations are mixed, and after one that is given up', async () => {
    const a = atOnce(algebra.gram(random(300, 300)));
    const expected = atOnce(algebra.symmetricEigen(a));
    algebra.symmetricEigen(atOnce(algebra.gram(random(200, 200)))).next();
    const controller = new AbortController();
    const given = inTurns(algebra.symmetricEigen(a), controller.signal);
    const [found, square] = [inTurns(algebra.symmetricEigen(a)), inTurns(algebra.gram(a))];
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(await found).toEqual(expected);
    expect(await square).toEqual(atOnce(algebra.gram(a)));
    expectNear(await inTurns(algebra.multiply(a, identity(300))), a, 0);
  });

  it('refuses a matrix that is not positive definite, or not finite', () => {
    const [bad, endless] = [identity(3), identity(3)];
    bad.data[4] = -1;
    endless.data[0] = Infinity;
    expect(() => atOnce(algebra.cholesky(bad))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => atOnce(algebra.symmetricEigen(endless))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

let seed = 1;
function random(m: number, n: number): DoubleMatrix {
  const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2 ** 30 - 1;
  return { data: Float64Array.from({ length: m * n }, next), shape: [m, n] };
}

function identity(n: number): DoubleMatrix {
  return { data: Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)), shape: [n, n] };
}

function transposed({ data, shape: [m, n] }: DoubleMatrix): DoubleMatrix {
  return { data: Float64Array.from(data, (_, at) => data[(at % m) * n + Math.floor(at / m)]!), shape: [n, m] };
}

function product(a: DoubleMatrix, b: DoubleMatrix): DoubleMatrix {
  const [[m, k], n] = [a.shape, b.shape[1]];
  const data = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) for (let j = 0; j < n; j++) data[i * n + j]! += a.data[i * k + p]! * b.data[p * n + j]!;
  }
  return { data, shape: [m, n] };
}

function expectNear(got: DoubleMatrix, expected: DoubleMatrix, tolerance: number): void {
  expect(got.shape).toEqual(expected.shape);
  const far = got.data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected.data[i]!)), 0);
  expect(far).toBeLessThanOrEqual(tolerance);
}
