import { COLUMNS } from './pack-columns';
import { INT8, innerSteps, largestWeight, stepsOf } from './format';
import { share } from './share';

/** Size of quantised weights `[k, n]`: their panels, then a scale and a sum for each column. */
export function quantizedBytes(k: i32, n: i32, format: i32): usize {
  return panelBytes(k, n, format) + (<usize>roundUp(n) << 3);
}

/** Where the scales of the columns begin, after which their sums follow. */
export function panelBytes(k: i32, n: i32, format: i32): usize {
  return (<usize>roundUp(n) * <usize>stepsOf(k, format)) << 2;
}

export function roundUp(n: i32): i32 {
  return (n + COLUMNS - 1) & ~(COLUMNS - 1);
}

/**
 * Weights `[k, n]`, row-major, as `round(w / scale)` with a scale for each column, in the order of `pack`. The sum of
 * a column is what a zero point of 1 in the activations adds to each product. A column of zeros keeps the scale 0.
 */
export function quantizeColumns(from: usize, to: usize, k: i32, n: i32, format: i32): void {
  const width = roundUp(n);
  const scales = to + panelBytes(k, n, format);
  const columnSums = scales + (<usize>width << 2);
  memory.fill(columnSums, 0, <usize>width << 2);
  columnScales(from, scales, k, n, width, largestWeight(format));
  const steps = stepsOf(k, format);
  const inner = innerSteps(format);
  const chunks = (steps + inner - 1) / inner;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, steps);
    const end = share(chunk + 1, chunks, steps);
    for (let j = 0; j < width; j += COLUMNS) {
      for (let step = begin; step < end; step++) {
        for (let column = j; column < j + COLUMNS; column++) {
          store<u32>(to, codesOf(from, step << format, k, n, column, scales, columnSums, format));
          to += 4;
        }
      }
    }
  }
}

/** The weights of one step in one column, side by side; 0 beyond the matrix. */
function codesOf(
  from: usize, first: i32, k: i32, n: i32, column: i32, scales: usize, columnSums: usize, format: i32,
): u32 {
  if (column >= n) return 0;
  const scale = load<f32>(scales + (<usize>column << 2));
  const bits: u32 = format == INT8 ? 8 : 16;
  let codes: u32 = 0;
  let sum: i32 = 0;
  for (let i = first; i < min(k, first + (1 << format)); i++) {
    const weight = load<f32>(from + ((<usize>i * <usize>n + <usize>column) << 2));
    const code = scale > 0 ? <i32>nearest(weight / scale) : 0;
    sum += code;
    codes |= (<u32>code & ((<u32>1 << bits) - 1)) << (<u32>(i - first) * bits);
  }
  if (format == INT8) {
    const at = columnSums + (<usize>column << 2);
    store<i32>(at, load<i32>(at) + sum);
  }
  return codes;
}

function columnScales(from: usize, scales: usize, k: i32, n: i32, width: i32, largest: f32): void {
  memory.fill(scales, 0, <usize>width << 2);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < n; j++) {
      const at = scales + (<usize>j << 2);
      store<f32>(at, max(load<f32>(at), abs(load<f32>(from))));
      from += 4;
    }
  }
  for (let j = 0; j < n; j++) {
    const at = scales + (<usize>j << 2);
    store<f32>(at, load<f32>(at) / largest);
  }
}
