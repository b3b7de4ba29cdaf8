import { beforeAll, describe, expect, it } from 'vitest';
import { coefficients } from '../../src/image/filters.ts';
import { kernels as filters } from '../../src/image/filters.ts';
import type { Image } from '../../src/index.ts';
import { resample } from '../../src/image/resample.ts';
import { startKernels } from '../../src/image/resize.ts';
import { packWeights } from '../../src/image/filters.ts';
import { loadResizeKernels, type ResizeKernels } from '../../src/image/simd/simd-resample.ts';
import { simdResample } from '../../src/image/simd/simd-resample.ts';
import { describePillow } from './pillow.ts';

beforeAll(startKernels);

it('the kernels run here', async () => {
  expect(await startKernels()).toBe(true);
});

describePillow('in SIMD');

describe('the kernels against plain JavaScript', () => {
  let kernels: ResizeKernels;
  beforeAll(async () => void (kernels = await loadResizeKernels()));

  let state = 1;
  const below = (n: number) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * n);
  /** Noise with many samples at the ends of the range, where sums are cut off. */
  const noise = (width: number, height: number, channels: Image['channels']): Image => {
    const data = Uint8Array.from({ length: width * height * channels }, () => (below(3) ? below(256) : below(2) * 255));
    return { data, width, height, channels };
  };
  const windowOf = (width: number, height: number) => {
    const [left, top] = [below(width), below(height)];
    return { left, top, width: 1 + below(width - left), height: 1 + below(height - top) };
  };

  function expectSame(
    image: Image,
    size: { width: number; height: number },
    window = { left: 0, top: 0, ...size },
  ): void {
    for (const [name, filter] of Object.entries(filters)) {
      const got = simdResample(kernels, image, filter, size, window);
      const { width, height, channels } = image;
      expect(got, `${name}, ${width}x${height}x${channels} to ${size.width}x${size.height}`).toEqual(
        resample(image, filter, size, window),
      );
    }
  }

  it.each([1, 2, 3, 4] as const)('any sizes and windows give the same bytes, %i channels', (channels) => {
    for (let round = 0; round < 120; round++) {
      const size = { width: 1 + below(round % 9 ? 50 : 300), height: 1 + below(50) };
      const image = noise(1 + below(round % 7 ? 40 : 400), 1 + below(round % 11 ? 40 : 400), channels);
      expectSame(image, size, windowOf(size.width, size.height));
    }
  });

  it.each([1, 2, 3, 4] as const)('one pixel, and extreme ratios, give the same bytes, %i channels', (channels) => {
    expectSame(noise(1, 1, channels), { width: 1, height: 1 });
    expectSame(noise(1, 1, channels), { width: 37, height: 3 });
    expectSame(noise(40, 30, channels), { width: 1, height: 1 });
    expectSame(noise(20_000, 1, channels), { width: 3, height: 5 });
    expectSame(noise(1, 20_000, channels), { width: 5, height: 3 });
    expectSame(noise(2, 3, channels), { width: 5000, height: 1 });
    expectSame(noise(200, 3, channels), { width: 4000, height: 60 }, { left: 1888, top: 0, width: 224, height: 60 });
  });

  it('rows that come in several bands give the same bytes', () => {
    expectSame(noise(3001, 301, 3), { width: 224, height: 97 });
  });

  it('ten thousand images take no more memory than the first', () => {
    const [image, size] = [noise(31, 17, 3), { width: 9, height: 8 }];
    const once = () => simdResample(kernels, image, filters.bicubic, size, { left: 0, top: 0, ...size });
    once();
    const before = kernels.memory.buffer.byteLength;
    for (let i = 0; i < 10_000; i++) once();
    expect(kernels.memory.buffer.byteLength).toBe(before);
  });

  it('what would take too much memory is left to plain JavaScript, and so are weights beyond their range', () => {
    const before = kernels.memory.buffer.byteLength;
    const size = { width: 5000, height: 5000 };
    const image: Image = { data: new Uint8Array(), width: 5000, height: 4000, channels: 4 };
    expect(simdResample(kernels, image, filters.box, size, { left: 0, top: 0, ...size })).toBeUndefined();
    expect(kernels.memory.buffer.byteLength).toBe(before);
    const table = coefficients(filters.lanczos, { size: 7, outSize: 5 }, 0, 5);
    expect(packWeights(table)).toBeDefined();
    for (const weight of [2 ** 27, -(2 ** 27) - 1]) {
      expect(packWeights({ ...table, weights: table.weights.map(() => weight) })).toBeUndefined();
    }
  });
});
