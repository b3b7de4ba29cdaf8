/** Sums over the rows of `[rows, width]`, of which each begins where the last ends. */
export function columnSums(from: usize, to: usize, rows: i32, width: i32): void {
  memory.fill(to, 0, <usize>width << 2);
  for (let row = 0; row < rows; row++) {
    let i = 0;
    let at = to;
    for (; i + 4 <= width; i += 4) {
      v128.store(at, f32x4.add(v128.load(at), v128.load(from)));
      at += 16;
      from += 16;
    }
    for (; i < width; i++) {
      store<f32>(at, load<f32>(at) + load<f32>(from));
      at += 4;
      from += 4;
    }
  }
}
