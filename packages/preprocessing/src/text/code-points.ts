const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The inside of a character class, for a pattern with flag `u`. Classes of the engine, `\p{L}`, are as new as the engine;
 * these are as new as the library whose ids are wanted.
 *
 * @param table Of `unicode-tables.ts`: numbers in base 32 from their low digit, in turn skipped and taken.
 */
export function codePoints(table: string): string {
  return ranges(table).map(range).join('');
}

/** All that `codePoints` leaves out. */
export function otherCodePoints(table: string): string {
  const taken = ranges(table);
  const gaps = taken.map(([first], i) => [i === 0 ? 0 : taken[i - 1]![1] + 1, first - 1] as const);
  return [...gaps, [taken.at(-1)![1] + 1, 0x10ffff] as const]
    .filter(([first, last]) => first <= last)
    .map(range)
    .join('');
}

function ranges(table: string): (readonly [first: number, last: number])[] {
  const found: [number, number][] = [];
  let at = 0;
  let from: number | undefined;
  for (const [word] of table.matchAll(/[g-z\d_-]*[A-Za-f]/g)) {
    const value = Array.from(word).reduceRight((sum, digit) => sum * 32 + (digits.indexOf(digit) % 32), 0);
    if (from === undefined) from = at + value;
    else {
      at = from + value + 1;
      found.push([from, at - 1]);
      from = undefined;
    }
  }
  return found;
}

function range([first, last]: readonly [number, number]): string {
  return first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`;
}

function escaped(point: number): string {
  return `\\u{${point.toString(16)}}`;
}
