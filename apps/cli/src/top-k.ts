/** The best of many, kept in order. */
export interface TopK<T> {
  add(value: T, score: number): void;
  /** Best first; of equal scores the earlier. */
  readonly best: readonly { readonly value: T; readonly score: number }[];
}

export function topK<T>(k: number): TopK<T> {
  const best: { value: T; score: number }[] = [];
  return {
    best,
    add(value, score) {
      if (best.length === k && !(score > best[k - 1]!.score)) return;
      const at = best.findIndex((other) => score > other.score);
      best.splice(at < 0 ? best.length : at, 0, { value, score });
      if (best.length > k) best.pop();
    },
  };
}
