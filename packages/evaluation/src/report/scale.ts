/** The least and the largest value of an axis. */
export type Domain = readonly [low: number, high: number];

/** Values of an axis to pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

export function domainOf(values: readonly number[]): Domain {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return [low, Math.max(low + 1e-9, high)];
}

/** From tick to tick. */
export function rounded([low, high]: Domain): Domain {
  const step = stepOf([low, high]);
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}

/** As wide as `span`, with the same middle. */
export function widened([low, high]: Domain, span: number): Domain {
  const middle = (low + high) / 2;
  return [middle - span / 2, middle + span / 2];
}

/** With about five ticks at 1, 2 or 5 times a power of ten. */
export function scale(
  [low, high]: Domain,
  [from, to]: readonly [number, number],
  step: number = stepOf([low, high]),
): Scale {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: count }, (_, i) => (first + i) * step),
  };
}

/** Of the ticks. */
export function stepOf([low, high]: Domain): number {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
}
