import type { Condition, Filter } from '../filter.ts';
import type { Column } from './columns.ts';

type Columns = ReadonlyMap<string, Column>;

/** For each slot 1 where a filter, which was checked, holds, and 0 else. */
export function filterMask(filter: Filter, columns: Columns, slots: number): Uint8Array {
  if ('and' in filter) return joined(filter.and, columns, slots, true);
  if ('or' in filter) return joined(filter.or, columns, slots, false);
  if ('not' in filter) return filterMask(filter.not, columns, slots).map((holds) => 1 - holds);
  const mask = new Uint8Array(slots);
  select(mask, columns.get(filter.field)!, filter);
  return mask;
}

function joined(filters: readonly Filter[], columns: Columns, slots: number, isAnd: boolean): Uint8Array {
  const all = new Uint8Array(slots).fill(isAnd ? 1 : 0);
  for (const filter of filters) {
    const mask = filterMask(filter, columns, slots);
    if (isAnd) for (let slot = 0; slot < slots; slot++) all[slot]! &= mask[slot]!;
    else for (let slot = 0; slot < slots; slot++) all[slot]! |= mask[slot]!;
  }
  return all;
}

/** All comparisons of a condition, of which most have one. */
function select(mask: Uint8Array, column: Column, { in: values, eq, ...given }: Condition): void {
  const { codes } = column;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = given;
  const isAmong = values && new Set(values.map((value) => column.codeOf(value)));
  if (eq !== undefined) {
    const code = column.codeOf(eq);
    for (let slot = 0; slot < mask.length; slot++) mask[slot] = codes[slot] === code ? 1 : 0;
  } else if (isAmong) {
    for (let slot = 0; slot < mask.length; slot++) mask[slot] = isAmong.has(codes[slot]) ? 1 : 0;
  } else mask.fill(1);
  if (eq !== undefined && isAmong) drop(mask, (slot) => !isAmong.has(codes[slot]));
  const hasLimits = 'gt' in given || 'gte' in given || 'lt' in given || 'lte' in given;
  if (!hasLimits) return;
  for (let slot = 0; slot < mask.length; slot++) {
    const code = codes[slot]!;
    if (!(code > gt && code >= gte && code < lt && code <= lte)) mask[slot] = 0;
  }
}

function drop(mask: Uint8Array, isOut: (slot: number) => boolean): void {
  for (let slot = 0; slot < mask.length; slot++) if (isOut(slot)) mask[slot] = 0;
}
