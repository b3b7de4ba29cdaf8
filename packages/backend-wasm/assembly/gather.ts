import { copy } from './runs';

/**
 * Row `ids[i]` of each of `outer` arrays of `rows` rows of `bytes`, to `count` rows for each of them. Gives the first place
 * whose number is out of range, and writes nothing then; -1 where there is none.
 */
export function gather(from: usize, ids: usize, to: usize, outer: i32, rows: i32, count: i32, bytes: usize): i32 {
  for (let i = 0; i < count; i++) {
    if (u32(load<i32>(ids + (<usize>i << 2))) >= u32(rows)) return i;
  }
  for (let block = 0; block < outer; block++) {
    for (let i = 0; i < count; i++) {
      const row = from + <usize>load<i32>(ids + (<usize>i << 2)) * bytes;
      if (bytes & 3) memory.copy(to, row, bytes);
      else copy(to, row, i32(bytes >> 2));
      to += bytes;
    }
    from += <usize>rows * bytes;
  }
  return -1;
}
