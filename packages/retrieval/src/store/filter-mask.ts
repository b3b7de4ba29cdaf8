import type { Condition, Filter } from '../filter.ts';
import type { Column } from './columns.ts';

type Columns = ReadonlyMap<string, Column>;

/** Masks that are used again: memory that is new to the process costs more than what is written to it. */
export class MaskRoom {
  readonly #masks: Uint8Array[] = [];
  #taken = 0;

  /** What was taken before is free again. */
  begin(): void {
    this.#taken = 0;
  }

  /** What it holds says nothing. */
  take(slots: number): Uint8Array {
    const at = this.#taken++;
    const there = this.#masks[at];
    if (there?.length === slots) return there;
    const mask = new Uint8Array(slots);
    if (at < mostKept) this.#masks[at] = mask;
    return mask;
  }
}

const mostKept = 4;

/** For each slot 1 where a filter, which was checked, holds, and 0 else. */
export function filterMask(filter: Filter, columns: Columns, slots: number, room: MaskRoom): Uint8Array {
  if ('and' in filter) return joined(filter.and, columns, slots, { isAnd: true, room });
  if ('or' in filter) return joined(filter.or, columns, slots, { isAnd: false, room });
  if ('not' in filter) {
    const mask = filterMask(filter.not, columns, slots, room);
    for (let slot = 0; slot < slots; slot++) mask[slot]! ^= 1;
    return mask;
  }
  const mask = room.take(slots);
  select(mask, columns.get(filter.field)!, filter);
  return mask;
}

interface Joining {
  readonly isAnd: boolean;
  readonly room: MaskRoom;
}

function joined(filters: readonly Filter[], columns: Columns, slots: number, { isAnd, room }: Joining): Uint8Array {
  const all = room.take(slots).fill(isAnd ? 1 : 0);
  for (const filter of filters) {
    const mask = filterMask(filter, columns, slots, room);
    if (isAnd) for (let slot = 0; slot < slots; slot++) all[slot]! &= mask[slot]!;
    else for (let slot = 0; slot < slots; slot++) all[slot]! |= mask[slot]!;
  }
  return all;
}

/** All comparisons of a condition, of which most have one. */
function select(mask: Uint8Array, column: Column, { in: values, eq, ...given }: Condition): void {
  const { codes } = column;
  const isAmong = values && new Set(values.map((value) => column.codeOf(value)));
  if (eq !== undefined) {
    const code = column.codeOf(eq);
    for (let slot = 0; slot < mask.length; slot++) mask[slot] = codes[slot] === code ? 1 : 0;
  } else if (isAmong) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot] = isAmong.has(codes[slot]) ? 1 : 0;
  } else mask.fill(1);
  if (eq !== undefined && isAmong) drop(mask, (slot) => !isAmong.has(codes[slot]));
  for (const limit of ['gt', 'gte', 'lt', 'lte'] as const) {
    if (given[limit] !== undefined) limits[limit](mask, codes as Float64Array, given[limit]);
  }
}

type Limit = (mask: Uint8Array, values: Float64Array, limit: number) => void;

/** Each without a branch; NaN is within no limit. */
const limits: { readonly [L in 'gt' | 'gte' | 'lt' | 'lte']: Limit } = {
  gt(mask, values, limit) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot]! &= Number(values[slot]! > limit);
  },
  gte(mask, values, limit) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot]! &= Number(values[slot]! >= limit);
  },
  lt(mask, values, limit) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot]! &= Number(values[slot]! < limit);
  },
  lte(mask, values, limit) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot]! &= Number(values[slot]! <= limit);
  },
};

function drop(mask: Uint8Array, isOut: (slot: number) => boolean): void {
  for (let slot = 0; slot < mask.length; slot++) if (isOut(slot)) mask[slot] = 0;
}
