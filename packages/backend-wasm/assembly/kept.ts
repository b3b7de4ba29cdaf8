/**
 * `x` in each lane, as a variable: V8 makes a constant of 128 bits anew wherever it is used, by several instructions, and
 * loads a variable by one. No compiler may see through it.
 */
export function kept(x: f32): v128 {
  return f32x4.splat(memory.size() < 0 ? 0 : x);
}
