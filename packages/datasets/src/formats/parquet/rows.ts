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
export function rowsOf(content: Uint8Array, page: Page, { leaf, room, words, open }: Column): number {
  const { values, encoding, apart } = page;
  const repeated = levelsOf(content, leaf.repetition, values);
  const defined = levelsOf(content.subarray(repeated.bytes), leaf.definition, values);
  if (leaf.repetition > 0) checkLists(repeated.levels, defined.levels, { leaf, open });
  const rows = leaf.repetition > 0 ? howMany(repeated.levels, 0) : values;
  const count = leaf.definition > 0 ? howMany(defined.levels, leaf.definition) : values;
  if (apart && apart.nulls !== values - count)
    throw new RangeError(`expected ${apart.nulls} nulls, got ${values - count}`);
  const bytes = content.subarray(repeated.bytes + defined.bytes);
  checkValues({ bytes, encoding, count, leaf, words, room });
  return rows;
}

interface Levels {
  /** One of each value; none where all are the same. */
  readonly levels: Uint8Array;
  /** That they take, with their length. */
  readonly bytes: number;
}

function levelsOf(content: Uint8Array, most: number, count: number): Levels {
  const levels = new Uint8Array(most > 0 ? count : 0);
  if (most === 0) return { levels, bytes: 0 };
  const bytes = 4 + new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(0, true);
  if (bytes > content.length) throw new RangeError(`levels of ${bytes} bytes`);
  let done = 0;
  eachRun(content.subarray(4, bytes), { width: 32 - Math.clz32(most), count }, (level, times) => {
    if (level > most) throw new RangeError(`level ${level} of ${most}`);
    levels.fill(level, done, (done += times));
  });
  return { levels, bytes };
}

/** A value goes on in lists that the one before it is in. */
function checkLists(repeated: Uint8Array, defined: Uint8Array, { leaf, open }: Pick<Column, 'leaf' | 'open'>): void {
  for (const [i, level] of repeated.entries()) {
    if (level > open.lists) throw new RangeError(`a value in ${level} lists, of which ${open.lists} are open`);
    open.lists = leaf.lists[defined[i]!]!;
  }
}

function howMany(levels: Uint8Array, wanted: number): number {
  return levels.reduce((count, level) => count + Number(level === wanted), 0);
}
