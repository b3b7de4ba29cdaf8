import type { Leaf } from './leaf.ts';
import type { Page, Room } from './pages.ts';
import { eachRun } from './runs.ts';
import { checkValues } from './values.ts';

interface Column {
  readonly leaf: Leaf;
  readonly room: Room;
  /** Words of its dictionary. */
  readonly words: number | undefined;
  /** Lists that the last value is in, so that another may follow there. */
  readonly open: { lists: number };
}

/**
 * How many rows begin in a page, whose levels have their length before them.
 *
 * @throws {RangeError} where levels or values are other than the page says.
 */
export function rowsOf(
  content: Uint8Array,
  { values, encoding, apart }: Page,
  { leaf, room, words, open }: Column,
): number {
  const { lists, repetition, definition } = leaf;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  const eachLevel = (most: number, visit: (level: number, times: number) => void): void => {
    const length = view.getUint32(at, true);
    const bytes = content.subarray(at + 4, (at += 4 + length));
    if (at > content.length) throw new RangeError(`levels of ${length} bytes`);
    eachRun(bytes, { width: 32 - Math.clz32(most), count: values }, (level, times) => {
      if (level > most) throw new RangeError(`level ${level} of ${most}`);
      visit(level, times);
    });
  };
  const repeated = new Uint8Array(repetition > 0 ? values : 0);
  let rows = repetition > 0 ? 0 : values;
  let i = 0;
  if (repetition > 0) {
    eachLevel(repetition, (level, times) => {
      repeated.fill(level, i, (i += times));
      if (level === 0) rows += times;
    });
  }
  let count = definition > 0 ? 0 : values;
  i = 0;
  if (definition > 0) {
    eachLevel(definition, (level, times) => {
      if (level === definition) count += times;
      for (const end = Math.min(i + times, repeated.length); i < end; i++) {
        if (repeated[i]! > open.lists)
          throw new RangeError(`a value in ${repeated[i]} lists, of which ${open.lists} are open`);
        open.lists = lists[level]!;
      }
    });
  }
  if (apart && apart.nulls !== values - count)
    throw new RangeError(`expected ${apart.nulls} nulls, got ${values - count}`);
  checkValues({ bytes: content.subarray(at), encoding, count, leaf, words, room });
  return rows;
}
