import { HIDDEN_SCORE } from './constants';

/**
 * How many of `keys` keys count at all for `rows` rows of a mask, `step` bytes apart: those after the last one that is not
 * hidden have weights of 0. A row that hides all of them weighs them all.
 */
export function reachOf(mask: usize, step: usize, rows: i32, keys: i32): i32 {
  let reach = 0;
  // The same row serves all where there is no step.
  if (!step) rows = 1;
  for (let i = 0; i < rows && reach < keys; i++) {
    reach = max(reach, reachOfRow(mask, keys));
    mask += step;
  }
  return reach;
}

function reachOfRow(mask: usize, keys: i32): i32 {
  let end = keys;
  for (; end >= 4; end -= 4) {
    // NaN is not hidden.
    if (!i32x4.all_true(f32x4.le(v128.load(mask + (<usize>(end - 4) << 2)), f32x4.splat(HIDDEN_SCORE)))) break;
  }
  while (end > 0 && load<f32>(mask + (<usize>(end - 1) << 2)) <= HIDDEN_SCORE) end--;
  return end > 0 ? end : keys;
}
