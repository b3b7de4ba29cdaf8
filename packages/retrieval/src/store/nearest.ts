import { TopK } from '@diptych/core';

/**
 * Rows that may be among the best `k`, of scores that are known within an error: none whose score is certainly below
 * those of `k` others.
 */
export class Nearest {
  readonly #least: TopK;
  readonly #k: number;
  #rows: number[] = [];
  #upper: number[] = [];
  #limit = 0;
  /** Certainly reached by `k` rows. */
  least: number = -Infinity;

  constructor(k: number) {
    this.#k = k;
    this.#least = new TopK(k);
  }

  /** A row whose score plus error is not below `least`. */
  add(row: number, score: number, error: number): void {
    this.#rows.push(row);
    this.#upper.push(score + error);
    this.#least.add(row, score - error);
    this.least = this.#least.least;
    if (this.#rows.length > this.#limit) this.#prune();
  }

  /** In the order in which they were added. */
  rows(): number[] {
    this.#prune();
    return this.#rows;
  }

  #prune(): void {
    const keep = this.#upper.map((upper) => upper >= this.least);
    this.#rows = this.#rows.filter((_, i) => keep[i]);
    this.#upper = this.#upper.filter((_, i) => keep[i]);
    this.#limit = 2 * this.#rows.length + this.#k + 1024;
  }
}
