import type { Window } from '@diptych/preprocessing/image';

type Range = readonly [least: number, most: number];

export interface RandomCrop {
  /** Part of the area. */
  readonly scale: Range;
  /** Width by height. */
  readonly ratio: Range;
  /** Numbers in `[0, 1)`. */
  readonly random: () => number;
}

const tries = 10;

/** A part of an image, as `RandomResizedCrop.get_params` of torchvision chooses it: the middle where ten choices do not fit. */
export function cropOf(
  { width, height }: { readonly width: number; readonly height: number },
  { scale, ratio, random }: RandomCrop,
): Window {
  const between = (least: number, most: number) => least + (most - least) * random();
  for (let i = 0; i < tries; i++) {
    const area = width * height * between(...scale);
    const aspect = Math.exp(between(Math.log(ratio[0]), Math.log(ratio[1])));
    const [w, h] = [halfToEven(Math.sqrt(area * aspect)), halfToEven(Math.sqrt(area / aspect))];
    if (w < 1 || h < 1 || w > width || h > height) continue;
    const top = Math.floor(random() * (height - h + 1));
    return { left: Math.floor(random() * (width - w + 1)), top, width: w, height: h };
  }
  const aspect = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const w = Math.max(1, Math.min(width, halfToEven(height * aspect)));
  const h = Math.max(1, Math.min(height, halfToEven(width / aspect)));
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

/** Python's `round`. */
function halfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
