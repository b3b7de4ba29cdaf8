import type { Embeddings, SearchKernels, SearchPrecision, SearchQueries } from '@diptych/core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { kernelVariant, type KernelVariant } from '../../src/kernels/binary.ts';
import { searchKernels } from '../../src/search.ts';
import { searchKernelsOf } from '../../src/search/search-kernels.ts';
import { randomSizes } from '../kernels/random.ts';
import { defined, extremeRows, inPrecision, randomRows } from './rows.ts';

const variants: readonly KernelVariant[] = kernelVariant() === 'simd' ? ['simd'] : ['relaxed-simd', 'simd'];

/** Laid out rows, by their products with unit vectors. */
function stepsIn(laid: SearchQueries<'int8'>, n: number, dim: number): Int8Array {
  const data = Int8Array.from({ length: dim * dim }, (_, i) => (i % dim === Math.floor(i / dim) ? 1 : 0));
  const out = new Float64Array(dim * n);
  laid({ precision: 'int8', model: 'test', data, shape: [dim, dim] })(0, n, out);
  return Int8Array.from({ length: n * dim }, (_, i) => out[(i % dim) * n + Math.floor(i / dim)]!);
}

describe.each(variants)('search kernels, %s', (variant) => {
  let kernels: SearchKernels;
  beforeAll(async () => void (kernels = (await searchKernelsOf(variant))!));

  function products<P extends SearchPrecision>(
    rows: Embeddings<P>,
    queries: Embeddings<P>,
    [first, count]: readonly [number, number] = [0, rows.shape[0]],
  ): number[] {
    const out = new Float64Array(queries.shape[0] * count);
    kernels[rows.precision](rows)(queries)(first, count, out);
    return [...out];
  }

  function expectDefined<P extends SearchPrecision>(precision: P, a: Embeddings<P>, b: Embeddings<P>): void {
    const n = a.shape[0];
    const blocks = [
      [0, n],
      [n >> 1, n - (n >> 1)],
      [n - 1, 1],
      [n, 0],
    ] as const;
    for (const [first, count] of blocks) {
      expect(products(a, b, [first, count])).toEqual(defined[precision](a, b, first, count));
    }
  }

  describe('float32', () => {
    describeProducts('float32', inPrecision.float32);
  });
  describe('int8', () => {
    describeProducts('int8', inPrecision.int8);
  });
  describe('ubinary', () => {
    describeProducts('ubinary', inPrecision.ubinary);
  });

  function describeProducts<P extends SearchPrecision>(precision: P, made: (rows: Embeddings) => Embeddings<P>): void {
    it.each([1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 127, 129, 512, 515])(
      'products of %i components are those of the definition, bit for bit',
      (dim) => {
        for (const n of [1, 2, 3, 4, 5, 9]) {
          expectDefined(precision, made(randomRows(n, dim, n)), made(randomRows(3, dim, 99)));
        }
      },
    );

    it('any sizes give the products of the definition', () => {
      const sizes = randomSizes(5);
      for (let round = 0; round < 60; round++) {
        const dim = sizes(1, 300);
        const [rows, queries] = [
          made(randomRows(sizes(1, 40), dim, round)),
          made(randomRows(sizes(1, 6), dim, -round)),
        ];
        expectDefined(precision, rows, queries);
      }
    });

    it('queries that were laid out before others still are what they were', () => {
      const [rows, a, b] = [
        made(randomRows(6, 20, 1)),
        made(randomRows(2, 20, 2)),
        made(randomRows(40, 20, 3)),
      ] as const;
      const prepare = kernels[precision](rows);
      const [first, second] = [prepare(a), prepare(b)];
      const out = [new Float64Array(12), new Float64Array(240), new Float64Array(12)] as const;
      first(0, 6, out[0]);
      second(0, 6, out[1]);
      first(0, 6, out[2]);
      expect(out[2]).toEqual(out[0]);
      expect([...out[1]]).toEqual(defined[precision](rows, b, 0, 6));
    });

    it('no rows and no queries have no products', () => {
      const [none, some] = [made(randomRows(0, 8, 1)), made(randomRows(2, 8, 2))];
      expect(products(none, some)).toEqual([]);
      expect(products(some, none)).toEqual([]);
    });

    it('ten thousand blocks take no more memory than the first', () => {
      const rows = made(randomRows(300, 40, 1));
      const prepare = kernels[precision](rows);
      const queries = made(randomRows(3, 40, 2));
      const out = new Float64Array(900);
      prepare(queries)(0, 300, out);
      const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
      for (let i = 0; i < 10_000; i++) prepare(queries)(i % 200, 100, out);
      expect(grow).not.toHaveBeenCalled();
      grow.mockRestore();
    });

    it('rows that no memory could hold are refused with what they would take', () => {
      const rows = { ...made(randomRows(1, 512, 1)), shape: [2 ** 27, 512] as const };
      expect(() => kernels[precision](rows)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    });
  }

  it.each([1, 16, 2048, 5000, 100_000])('8 bit products of %i extreme steps are exact', (dim) => {
    const most = dim * 127 ** 2;
    expect(products(extremeRows([1, -1, 1, -1, -1], dim), extremeRows([1, -1], dim))).toEqual([
      most,
      -most,
      most,
      -most,
      -most,
      -most,
      most,
      -most,
      most,
      most,
    ]);
    expect(products(extremeRows([-1], dim, 128), extremeRows([1, -1], dim))).toEqual([
      -dim * 128 * 127,
      dim * 128 * 127,
    ]);
  });

  it.each([1, 3, 4, 15, 16, 17, 64, 511, 512])(
    'rows of %i components go in as steps, and what they lack is told',
    (dim) => {
      const [n, first] = [70, 3];
      const rows = randomRows(n, dim, 1).data.map((value, i) =>
        i < dim ? 0 : value * 10 ** (Math.floor(i / dim) % 9),
      );
      const mean = randomRows(1, dim, 2).data;
      const laid = kernels.int8({ ...extremeRows([1], dim), shape: [n + first, dim], data: new Int8Array(0) });
      const told = new Float64Array(4 * n);
      laid.quantize!(first, rows, mean, told);
      const steps = stepsIn(laid, n + first, dim).subarray(first * dim);
      for (let row = 0; row < n; row++) {
        const [step, length, rest, stepped] = [...told.subarray(4 * row, 4 * row + 4)] as [
          number,
          number,
          number,
          number,
        ];
        let [largest, squares, lacks, whole] = [0, 0, 0, 0];
        for (let i = 0; i < dim; i++) {
          const value = rows[row * dim + i]!;
          const beyond = Math.fround(value - mean[i]!);
          largest = Math.max(largest, Math.abs(beyond));
          squares += value ** 2;
          lacks += (beyond - step * steps[row * dim + i]!) ** 2;
          whole += steps[row * dim + i]! ** 2;
        }
        expect(step).toBe(Math.fround(largest / 127));
        expect(length).toBeCloseTo(squares, 9 - Math.ceil(Math.log10(squares + 1)));
        expect(rest).toBeCloseTo(lacks, 9 - Math.ceil(Math.log10(lacks + 1)));
        expect(rest).toBeLessThanOrEqual(dim * (0.5001 * step) ** 2);
        expect(stepped).toBe(whole);
      }
      expect(stepsIn(laid, first, dim).every((value) => value === 0)).toBe(true);
    },
  );

  it('rows of the smallest and largest numbers go in as steps too', () => {
    const laid = kernels.int8({ ...extremeRows([1], 4), shape: [2, 4], data: new Int8Array(0) });
    const told = new Float64Array(8);
    laid.quantize!(0, Float32Array.of(1e-45, 0, -1e-42, 0, 3e38, -3e38, 1, 0), new Float32Array(4), told);
    expect([...stepsIn(laid, 2, 4)]).toEqual([0, 0, 0, 0, 127, -127, 0, 0]);
    expect(told[2]).toBe(Math.fround(1e-45) ** 2 + Math.fround(1e-42) ** 2);
    expect(told[5]).toBe(2 * Math.fround(3e38) ** 2 + 1);
  });

  it.each([1, 4, 33])('rows of %i steps anywhere have the products that they have one after the other', (dim) => {
    const rows = inPrecision.int8(randomRows(50, dim, 1));
    for (const n of [1, 2]) {
      const of = kernels.int8(rows)(inPrecision.int8(randomRows(n, dim, 2)));
      const chosen = Uint32Array.from({ length: 23 }, (_, i) => (i * 17) % 50);
      const [all, some] = [new Float64Array(50 * n), new Float64Array(23 * n)];
      of(0, 50, all);
      of.gather!(chosen, some);
      for (const [i, row] of chosen.entries()) {
        for (let q = 0; q < n; q++) expect(some[q * 23 + i]).toBe(all[q * 50 + row]);
      }
    }
  });

  it.each([3968, 3969, 100_000])('%i signs that all differ are counted', (dim) => {
    const all = (sign: number) => inPrecision.ubinary(randomRows(1, dim, 1)).data.map(() => (sign > 0 ? 255 : 0));
    const row = (sign: number): Embeddings<'ubinary'> => {
      return { precision: 'ubinary', model: 'test', data: all(sign), shape: [1, dim] };
    };
    expect(products(row(1), row(-1))).toEqual([dim - 2 * Math.ceil(dim / 8) * 8]);
    expect(products(row(1), row(1))).toEqual([dim]);
  });

  it.each([9, 512])('rows of %i steps are as good in the room of other rows', (dim) => {
    const [rows, queries] = [7, 2].map((n) => inPrecision.int8(randomRows(n, dim, n)));
    const [from, to] = [rows!, { ...rows!, data: new Int8Array(0) }].map((one) => kernels.int8(one));
    to!.room!(1, 5).set(from!.room!(2, 5));
    const out = new Float64Array(10);
    to!(queries!)(1, 5, out);
    expect([...out]).toEqual(defined.int8(rows!, queries!, 2, 5));
    expect(to!.room!(0, 7)).toHaveLength(7 * to!.room!(0, 1).length);
  });

  it('NaN and infinity stay in their row', () => {
    const rows = randomRows(6, 9, 1);
    rows.data[9] = NaN;
    rows.data[3 * 9 + 8] = Infinity;
    const found = products(rows, { ...rows, data: rows.data.slice(0, 9), shape: [1, 9] });
    expect(found.map(Number.isFinite)).toEqual([true, false, true, false, true, true]);
  });

  it('a step of -128 in a query is refused, as it is no step of ours', () => {
    expect(() => products(extremeRows([1], 3), extremeRows([1], 3, -128))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('rows longer than sums of 32 bits allow are refused', () => {
    const rows = { ...extremeRows([1], 1), shape: [1, 2 ** 19 + 1] } as const;
    expect(() => kernels.int8(rows)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

it('this engine has kernels, and ten thousand searchers one after another are freed', async () => {
  const { float32 } = (await searchKernels())!;
  const [rows, out] = [randomRows(3, 4, 1), new Float64Array(9)];
  for (let i = 0; i < 10_000; i++) float32(rows)(rows)(0, 3, out);
  expect([...out]).toEqual(defined.float32(rows, rows, 0, 3));
});
