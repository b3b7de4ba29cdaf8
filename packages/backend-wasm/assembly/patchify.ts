/**
 * Square patches of images `[n, height, width, channels]` as rows `[n * patches, patch * patch * channels]`, left to
 * right and top to bottom. What is left over at the right and at the bottom is dropped.
 */
export function patchify(from: usize, to: usize, n: i32, height: i32, width: i32, channels: i32, patch: i32): void {
  const pixel = <usize>channels << 2;
  const line = <usize>patch * pixel;
  for (let item = 0; item < n; item++) {
    for (let top = 0; top + patch <= height; top += patch) {
      for (let left = 0; left + patch <= width; left += patch) {
        for (let y = top; y < top + patch; y++) {
          memory.copy(to, from + (<usize>(y * width + left)) * pixel, line);
          to += line;
        }
      }
    }
    from += <usize>height * <usize>width * pixel;
  }
}
