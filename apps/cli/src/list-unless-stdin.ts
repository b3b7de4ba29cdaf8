/**
 * A list, whose length progress can show, unless some items come from stdin, which may be endless.
 */
export async function listUnlessStdin<T>(
  operands: readonly string[],
  items: AsyncIterable<T>,
): Promise<readonly T[] | AsyncIterable<T>> {
  if (operands.includes('-')) return items;
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** How many items there are, where that is known. */
export function lengthOf<T>(items: readonly T[] | AsyncIterable<T>): number | undefined {
  return 'length' in items ? items.length : undefined;
}
