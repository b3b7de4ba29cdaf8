import { COLUMNS, roundUp } from './columns';
import { FLOAT32, INT16, innerSteps, stepsOf } from './format';
import { columnBytes, panelBytes } from './quantized';
import { share } from './share';

/** The weights `[k, n]` that `pack` or `quantizeColumns` wrote, row-major: exactly, or as they were rounded. */
export function unpack(from: usize, to: usize, k: i32, n: i32, format: i32): void {
  const scales = from + panelBytes(k, n, format);
  const factors = scales + 2 * columnBytes(n);
  const steps = stepsOf(k, format);
  const chunks = (steps + innerSteps(format) - 1) / innerSteps(format);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, steps);
    const size = share(chunk + 1, chunks, steps) - begin;
    const last = min(k, (begin + size) << format);
    for (let i = begin << format; i < last; i++) {
      const row = from + (<usize>(((i >> format) - begin) * COLUMNS) << 2);
      const inStep = <usize>(i & ((1 << format) - 1)) << (2 - format);
      const factor = format == FLOAT32 ? <f32>1 : load<f32>(factors + (<usize>i << 2));
      for (let j = 0; j < n; j++) {
        const panel = <usize>(j / COLUMNS) * (<usize>size * COLUMNS << 2);
        const at = row + panel + (<usize>(j & (COLUMNS - 1)) << 2) + inStep;
        const scale = format == FLOAT32 ? <f32>1 : load<f32>(scales + (<usize>j << 2)) * factor;
        const value: f32 = format == FLOAT32 ? load<f32>(at) : <f32>(format == INT16 ? <i32>load<i16>(at) : <i32>load<i8>(at)) * scale;
        store<f32>(to + (<usize>(i * n + j) << 2), value);
      }
    }
    from += <usize>roundUp(n) * <usize>size << 2;
  }
}
