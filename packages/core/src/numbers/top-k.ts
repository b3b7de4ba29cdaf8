/** One row found. */
export interface Hit {
  /** Its index in the rows searched. */
  readonly row: number;
  /** Cosine in `[-1, 1]`, or the dot product where that was asked for. */
  readonly score: number;
}

/** The best `k` of many rows, in a heap whose root is the worst of them: `O(log k)` for a row that enters, `O(1)` else. */
export class TopK {
  readonly #k: number;
  readonly #rows: number[] = [];
  readonly #scores: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** A row added after all others enters with a score above this. */
  get least(): number {
    return this.#rows.length < this.#k ? -Infinity : this.#scores[0]!;
  }

  /** Whether a row of this score, after all rows added so far, would enter. */
  accepts(score: number): boolean {
    return score > this.least;
  }

  add(row: number, score: number): void {
    if (this.#rows.length < this.#k) this.#rise(this.#rows.length, row, score);
    else if (this.#isWorse(0, row, score)) this.#sink(row, score);
  }

  /** Best first; of equal scores the earlier row. */
  hits(): Hit[] {
    const hits = this.#rows.map((row, i) => ({ row, score: this.#scores[i]! }));
    return hits.toSorted((a, b) => b.score - a.score || a.row - b.row);
  }

  #isWorse(at: number, row: number, score: number): boolean {
    return this.#scores[at]! < score || (this.#scores[at] === score && this.#rows[at]! > row);
  }

  #rise(from: number, row: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isWorse(parent, row, score)) break;
      this.#set(at, this.#rows[parent]!, this.#scores[parent]!);
      at = parent;
    }
    this.#set(at, row, score);
  }

  #sink(row: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#k) break;
      if (child + 1 < this.#k && this.#isWorse(child + 1, this.#rows[child]!, this.#scores[child]!)) child++;
      if (!this.#isWorse(child, row, score)) break;
      this.#set(at, this.#rows[child]!, this.#scores[child]!);
      at = child;
    }
    this.#set(at, row, score);
  }

  #set(at: number, row: number, score: number): void {
    this.#rows[at] = row;
    this.#scores[at] = score;
  }
}
