/** In `to`, which has room for all. Most of a mask is zeros, which are passed over four at a time. */
export function chosenIn(mask: Uint8Array, length: number, to: Uint32Array): Uint32Array {
  const fours = new Uint32Array(mask.buffer, 0, mask.length >> 2);
  let count = 0;
  for (let slot = 0; slot < length; slot++) {
    if ((slot & 3) === 0 && fours[slot >> 2] === 0) slot += 3;
    else if (mask[slot]) to[count++] = slot;
  }
  return to.subarray(0, count);
}

/** Of the first number that is not smaller. */
export function placeOf(numbers: Uint32Array, least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
