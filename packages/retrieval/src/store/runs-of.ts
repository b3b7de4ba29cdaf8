/** Slots that follow each other: where each run begins, and where it ends. */
export function* runsOf(slots: readonly number[]): Generator<readonly [first: number, end: number]> {
  for (let first = 0, end = 0; first < slots.length; first = end) {
    for (end = first + 1; slots[end] === slots[end - 1]! + 1;) end++;
    yield [first, end];
  }
}
