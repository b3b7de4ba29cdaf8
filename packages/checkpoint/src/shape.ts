/** What PyTorch and NumPy allow. */
const maxRank = 64;

/** A list of at most 64 sizes, or `undefined` where the value is no such list. */
export function sizes(value: unknown): readonly number[] | undefined {
  const valid =
    Array.isArray(value) && value.length <= maxRank && value.every((n) => Number.isSafeInteger(n) && n >= 0);
  return valid ? (value as number[]) : undefined;
}

/** Bytes of an array; infinite once a product leaves the exact integers, so that no file can hold it. */
export function byteLength(shape: readonly number[], size: number): number {
  return shape.reduce((product, n) => {
    const next = product * n;
    return Number.isSafeInteger(next) ? next : Infinity;
  }, size);
}
