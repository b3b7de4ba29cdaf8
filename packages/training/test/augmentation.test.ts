import { configReader, EmbeddingError, seededRandom } from '@diptych/core';
import { given } from '@diptych/golden';
import type { Image } from '@diptych/preprocessing/image';
import { describe, expect, it } from 'vitest';
import { augmentation, augmentConfig } from '../src/augment/augmentation.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from '../src/augment/colour-jitter.ts';
import { cropOf } from '../src/augment/random-crop.ts';

const colours = [
  [200, 30, 90],
  [12, 250, 3],
  [0, 0, 255],
  [255, 255, 0],
  [128, 127, 129],
  [90, 200, 210],
  [7, 7, 7],
  [254, 1, 128],
];
const eight: Image = { data: Uint8Array.from(colours.flat()), width: 8, height: 1, channels: 3 };

/** Many levels of each channel. */
const levels = Array.from({ length: 52 }, (_, i) => 5 * i);
const many = ((): Image => {
  const data = levels.flatMap((r) =>
    levels.filter((g) => g % 35 === 0).flatMap((g) => levels.filter((b) => b % 45 === 0).flatMap((b) => [r, g, b])),
  );
  return { data: Uint8Array.from(data), width: data.length / 3, height: 1, channels: 3 };
})();

function pixels({ data, width, channels }: Image): number[][] {
  return Array.from({ length: width }, (_, i) => [...data.subarray(i * channels, i * channels + 3)]);
}

const luma = ([r, g, b]: readonly number[]) => Math.floor((19595 * r! + 38470 * g! + 7471 * b! + 32768) / 65536);

describe('changes of colour', () => {
  // Pillow 9.4.0: ImageEnhance, and convert('HSV') with the hue moved as torchvision's adjust_hue moves it.
  it.each([
    ['brightness', adjustBrightness, 0.6, '120 18 54 7 150 1 0 0 153 153 153 0 76 76 77 54 120 126 4 4 4 152 0 76'],
    [
      'brightness',
      adjustBrightness,
      1.37,
      '255 41 123 16 255 4 0 0 255 255 255 0 175 173 176 123 255 255 9 9 9 255 1 175',
    ],
    [
      'contrast',
      adjustContrast,
      0.6,
      '164 62 98 51 194 46 44 44 197 197 197 44 121 120 121 98 164 170 48 48 48 196 45 121',
    ],
    ['contrast', adjustContrast, 1.37, '232 0 82 0 255 0 0 0 255 255 255 0 134 132 135 82 232 246 0 0 0 255 0 134'],
    [
      'saturation',
      adjustSaturation,
      0.6,
      '155 53 89 67 210 62 11 11 164 243 243 90 128 127 128 121 187 193 7 7 7 188 36 113',
    ],
    ['saturation', adjustSaturation, 1.37, '241 8 90 0 255 0 0 0 255 255 255 0 128 126 129 61 211 225 7 7 7 255 0 141'],
    ['hue', adjustHue, -0.13, '178 31 200 207 250 4 0 198 255 255 54 0 127 128 129 91 210 127 7 7 7 180 2 254'],
    ['hue', adjustHue, 0.31, '118 200 31 4 50 250 255 0 36 0 255 216 129 128 127 203 91 210 7 7 7 174 254 2'],
  ])('of %s are those of Pillow', (_, adjust, by, expected) => {
    expect([...adjust(eight, by).data].join(' ')).toBe(expected);
  });

  it.each([0, 0.25, 0.5, 1, 1.5, 2.25])('go %d of the way from a grey, as in double precision', (factor) => {
    const all = pixels(many);
    const mean = Math.floor(all.reduce((sum, one) => sum + luma(one), 0) / all.length + 0.5);
    for (const [adjust, greyOf] of [
      [adjustBrightness, () => 0],
      [adjustContrast, () => mean],
      [adjustSaturation, luma],
    ] as const) {
      const expected = all.map((one) => {
        const grey = greyOf(one);
        return one.map((value) => Math.floor(Math.min(255, Math.max(0, grey + factor * (value - grey)))));
      });
      expect(pixels(adjust(many, factor))).toEqual(expected);
    }
  });

  it.each([-0.5, -0.2, 0.1, 0.4])('turn hues by %d of the circle, as in double precision', (turn) => {
    const turned = pixels(adjustHue(many, turn));
    const steps = Math.trunc(turn * 255);
    const distances = pixels(many).map((one, i) => {
      const [h, s, v] = hsv(one);
      // Pillow keeps hue and saturation in bytes, and cuts off: a whole number may be just below itself in float32.
      const bytes = (part: number) => [Math.floor(part * 255 + 1e-4), Math.ceil(part * 255 - 1e-4) - 1];
      const candidates = bytes(h).flatMap((hue) =>
        bytes(s).map((saturation) => rgb((((hue + steps) % 256) + 256) % 256, Math.max(0, saturation) / 255, v)),
      );
      const far = (expected: readonly number[]) => expected.map((part, c) => Math.abs(turned[i]![c]! - 255 * part));
      return Math.min(...candidates.map((expected) => Math.max(...far(expected))));
    });
    expect(Math.max(...distances)).toBeLessThan(0.501); // They are rounded.
  });
});

/** Parts in `[0, 1]`, as colorsys of Python. */
function hsv(colour: readonly number[]) {
  const [r, g, b] = colour as [number, number, number];
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  if (most === least) return [0, 0, most / 255] as const;
  const [rc, gc, bc] = [r, g, b].map((part) => (most - part) / (most - least)) as [number, number, number];
  const sixth = r === most ? bc - gc : g === most ? 2 + rc - bc : 4 + gc - rc;
  return [(((sixth / 6) % 1) + 1) % 1, (most - least) / most, most / 255] as const;
}

/** @param hue Of 255. */
function rgb(hue: number, s: number, v: number) {
  const part = (n: number) => {
    const k = (n + (hue * 6) / 255) % 6;
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [part(5), part(3), part(1)];
}

describe('a random crop', () => {
  it('has the area, the sides and the place of the random numbers, as torchvision computes them', () => {
    // Area, aspect, top and left; round(sqrt(...)) by hand.
    const numbers = [0.5, 0.5, 0.25, 0.999];
    const random = () => numbers.shift()!;
    // 0.5 of 100 * 60 = 3000 at exp(0) = 1: 55 by 55; 6 rows remain, 46 columns.
    expect(cropOf({ width: 100, height: 60 }, { scale: [0.25, 0.75], ratio: [0.5, 2], random })).toEqual({
      width: 55,
      height: 55,
      top: 1,
      left: 45,
    });
    expect(numbers).toEqual([]);
  });

  it('is the middle, within the ratio, where ten choices do not fit', () => {
    const random = () => 0.9999;
    const middle = (width: number, height: number) =>
      cropOf({ width, height }, { scale: [1, 1], ratio: [3 / 4, 4 / 3], random });
    expect(middle(90, 30)).toEqual({ width: 40, height: 30, left: 25, top: 0 });
    expect(middle(30, 90)).toEqual({ width: 30, height: 40, left: 0, top: 25 });
  });

  it('stays inside, and takes its part of the area', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 500; i++) {
      const [width, height] = [1 + Math.floor(random() * 90), 1 + Math.floor(random() * 90)];
      const { left, top, ...size } = cropOf({ width, height }, { scale: [0.3, 0.9], ratio: [3 / 4, 4 / 3], random });
      expect(Math.min(left, top, width - left - size.width, height - top - size.height)).toBeGreaterThanOrEqual(0);
      expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
    }
  });
});

describe('an augmentation', () => {
  const image: Image = {
    data: Uint8Array.from({ length: 12 * 9 * 3 }, (_, i) => (7 * i) % 256),
    width: 12,
    height: 9,
    channels: 3,
  };

  it('is the same for the same seed, and another for another', () => {
    const change = augmentation({
      crop: [0.3, 1],
      flip: 0.5,
      brightness: 0.4,
      contrast: 0.4,
      saturation: 0.4,
      hue: 0.1,
    });
    const of = (seed: number) => change(image, seededRandom(seed), { width: 5, height: 4 });
    expect(of(1)).toMatchObject({ width: 5, height: 4, channels: 3 });
    expect(of(1)).toEqual(of(1));
    expect(of(1).data).not.toEqual(of(2).data);
  });

  it('does nothing that it is not told to', () => {
    expect(augmentation({})(image, seededRandom(1))).toEqual(image);
    expect(augmentation({ crop: [1, 1], ratio: [4 / 3, 4 / 3] })(image, seededRandom(1))).toEqual(image);
  });

  it('exchanges left and right, and keeps alpha', () => {
    const two: Image = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), width: 2, height: 1, channels: 4 };
    expect([...augmentation({ flip: 1 })(two, () => 0.5).data]).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
    const bright = augmentation({ brightness: 1 })(two, () => 0.999999);
    expect([bright.data[3], bright.data[7]]).toEqual([4, 8]);
  });

  it.each([
    [{ crop: [0, 1] }, 'crop: expected two numbers above 0, and 1 at most, the smaller one first, got [0,1]'],
    [{ crop: [0.5, 2] }, 'crop'],
    [{ ratio: [2, 1] }, 'ratio: expected two numbers above 0, the smaller one first, got [2,1]'],
    [{ flip: 2 }, 'flip: expected a number from 0 to 1, got 2'],
    [{ hue: 0.6 }, 'hue: expected a number from 0 to 0.5, got 0.6'],
    [{ contrast: -1 }, 'contrast: expected a number from 0, got -1'],
    [{ saturation: 'much' }, 'saturation: expected a number from 0'],
  ])('refuses %j, and so does a configuration', (options, message) => {
    expect(() => augmentation(given(options))).toThrow(`augmentation: ${message}`);
    const reader = configReader(given(options), 'train.json: data: augment');
    expect(() => augmentConfig(reader)).toThrow(`train.json: data: augment: ${message}`);
    expect(() => augmentConfig(reader)).toThrow(EmbeddingError);
  });
});
