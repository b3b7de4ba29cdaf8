/** Where most of some numbers lie, and how far from there: a few that stand out change neither. */
export interface Bulk {
  readonly middle: number;
  /** 1.4826 times the median distance from the middle: the standard deviation, were they normal. */
  readonly spread: number;
}

/** Median and median absolute deviation; `values` are one at least. */
export function bulk(values: ArrayLike<number>): Bulk {
  const middle = median(Float64Array.from(values));
  return { middle, spread: 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - middle))) };
}

/** Of an even number the lower one. */
function median(values: Float64Array): number {
  return values.toSorted()[(values.length - 1) >> 1]!;
}
