import { searchKernels } from '@diptych/backend-wasm/search';
import { seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { byAxes, byNeighbours } from '../../src/insight/map-points.ts';
import { isInside, panned, pixelOf, placeAt, whole, zoomed } from '../../src/insight/viewport.ts';

const size = { width: 800, height: 400 };

describe('a part of a map', () => {
  it('is all of it at first, in the middle', () => {
    expect(pixelOf(0, 0, whole, size)).toEqual([200, 0]);
    expect(pixelOf(1, 1, whole, size)).toEqual([600, 400]);
  });

  it('has a place at each pixel', () => {
    const view = { x: 0.3, y: 0.8, scale: 7 };
    const [x, y] = placeAt(pixelOf(0.25, 0.75, view, size), view, size);
    expect(x).toBeCloseTo(0.25, 12);
    expect(y).toBeCloseTo(0.75, 12);
  });

  it('moves with what drags it, to the edge', () => {
    expect(panned(whole, [40, -20], size)).toEqual({ x: 0.4, y: 0.55, scale: 1 });
    expect(panned(whole, [4000, 0], size).x).toBe(0);
  });

  it('grows around a pixel, and never is smaller than all', () => {
    const near = zoomed(whole, 4, [300, 100], size);
    expect(near.scale).toBe(4);
    expect(placeAt([300, 100], near, size)).toEqual(placeAt([300, 100], whole, size));
    expect(zoomed(whole, 0.5, [400, 200], size)).toEqual(whole);
  });
});

describe('a line', () => {
  it('holds what is inside it, also where it bends', () => {
    const bent = [
      [0, 0],
      [10, 0],
      [10, 10],
      [5, 2],
      [0, 10],
    ] as const;
    expect(isInside([1, 5], bent)).toBe(true);
    expect(isInside([9, 5], bent)).toBe(true);
    expect(isInside([5, 5], bent)).toBe(false);
    expect(isInside([11, 5], bent)).toBe(false);
    expect(isInside([1, 1], [])).toBe(false);
  });
});

describe('a map', () => {
  const random = seededRandom(1);
  /** Rows of three kinds, one after the other. */
  const rows = (n: number) => {
    const dim = 8;
    const data = Float32Array.from({ length: n * dim }, (_, i) => {
      const [row, k] = [Math.floor(i / dim), i % dim];
      return (k === row % 3 ? 1 : 0) + 0.1 * (random() - 0.5);
    });
    for (let row = 0; row < n; row++) {
      const one = data.subarray(row * dim, (row + 1) * dim);
      const length = Math.hypot(...one);
      one.forEach((value, k) => (one[k] = value / length));
    }
    return { data, shape: [n, dim] as const };
  };
  /** Share of points whose nearest other is of their kind. */
  const together = (points: Float32Array) => {
    const n = points.length / 2;
    const right = Array.from({ length: n }, (_, i) => {
      let [best, least] = [-1, Infinity];
      for (let j = 0; j < n; j++) {
        const distance = Math.hypot(points[2 * i]! - points[2 * j]!, points[2 * i + 1]! - points[2 * j + 1]!);
        if (j !== i && distance < least) [best, least] = [j, distance];
      }
      return best % 3 === i % 3;
    });
    return right.filter(Boolean).length / n;
  };
  const isFitted = (points: Float32Array) => {
    expect(Math.min(...points)).toBeCloseTo(0.05, 5);
    expect(Math.max(...points)).toBeCloseTo(0.95, 5);
  };

  it('by axes keeps kinds apart', async () => {
    const points = await byAxes(rows(90));
    isFitted(points);
    expect(together(points)).toBe(1);
  });

  it('by neighbourhoods does too, and tells how far it is', async () => {
    const told: number[] = [];
    const points = await byNeighbours(rows(90), { onProgress: (share) => told.push(share) });
    isFitted(points);
    expect(together(points)).toBe(1);
    expect(told.at(-1)).toBe(1);
  });

  it('of more rows than are compared has the others near their kind', async () => {
    const many = rows(500);
    const points = await byNeighbours(many, { most: 200 });
    expect(points.length).toBe(1000);
    expect(together(points)).toBeGreaterThan(0.99);
    const kernels = await searchKernels();
    expect(await byNeighbours(many, { most: 200, kernel: kernels!.float32 })).toEqual(points);
  });

  it('of rows that are equal, or few, is there too', async () => {
    const equal = { data: new Float32Array(12).fill(0.5), shape: [3, 4] as const };
    expect([...(await byAxes(equal))]).toEqual(Array.from({ length: 6 }, () => 0.5));
    expect((await byNeighbours(equal, {})).length).toBe(6);
    const two = await byAxes({ data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] });
    expect([...two].map((value) => Math.round(100 * value))).toEqual([95, 50, 5, 50]);
  });
});
