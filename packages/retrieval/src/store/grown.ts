/** The same array, or a longer one with what it holds: at least twice as long, so that growing costs little for each row. */
export function grown<T extends Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array>(
  array: T,
  length: number,
): T {
  if (length <= array.length) return array;
  const longer = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length, 64));
  longer.set(array);
  return longer;
}
