import { addTo, zeros } from './runs';

/** Adds row `i` of `[rows, width]` to row `ids[i]` of `[segments, width]`, at first zero; rows of other numbers are left out. */
export function segmentSum(from: usize, ids: usize, to: usize, rows: i32, width: i32, segments: i32): void {
  zeros(to, segments * width);
  for (let row = 0; row < rows; row++) {
    const id = load<i32>(ids);
    if (u32(id) < u32(segments)) addTo(to + (<usize>(id * width) << 2), from, width);
    from += <usize>width << 2;
    ids += 4;
  }
}
