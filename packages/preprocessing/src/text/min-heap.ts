/** Numbers out in ascending order; `push` and `pop` take `log n`. */
export class MinHeap {
  readonly #keys: number[] = [];

  push(key: number): void {
    const keys = this.#keys;
    let at = keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      at = parent;
    }
    keys[at] = key;
  }

  /** The lowest key, taken out; `undefined` when there is none. */
  pop(): number | undefined {
    const keys = this.#keys;
    const lowest = keys[0];
    const last = keys.pop();
    if (last === undefined || keys.length === 0) return lowest;
    let at = 0;
    for (let child = 1; child < keys.length; child = 2 * at + 1) {
      if (child + 1 < keys.length && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= last) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = last;
    return lowest;
  }
}
