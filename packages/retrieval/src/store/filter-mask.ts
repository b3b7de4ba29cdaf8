import type { Condition, Filter } from '../filter.ts';
import type { Value } from '../metadata.ts';
import type { Column } from './columns.ts';

type Columns = ReadonlyMap<string, Column>;

/** For each slot 1 where a filter, which was checked, holds, and 0 else. */
export function filterMask(filter: Filter, columns: Columns, slots: number): Uint8Array {
  if ('and' in filter) return joined(filter.and, columns, slots, true);
  if ('or' in filter) return joined(filter.or, columns, slots, false);
  if ('not' in filter) return filterMask(filter.not, columns, slots).map((holds) => 1 - holds);
  const mask = new Uint8Array(slots);
  const column = columns.get(filter.field)!;
  column.select(mask, acceptor(filter, column));
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

function acceptor({ in: values, ...given }: Condition, column: Column): (code: number) => boolean {
  const { eq, gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = given;
  const among = [...(values ? [values] : []), ...(eq === undefined ? [] : [[eq]])].map((list) => codesOf(list, column));
  const hasLimits = 'gt' in given || 'gte' in given || 'lt' in given || 'lte' in given;
  const inLimits = (code: number) => code > gt && code >= gte && code < lt && code <= lte;
  const [first, ...others] = among;
  if (!first) return inLimits;
  const [only] = first;
  if (others.length === 0 && !hasLimits && first.size === 1) return (code) => code === only;
  return (code) => among.every((codes) => codes.has(code)) && (!hasLimits || inLimits(code));
}

function codesOf(values: readonly Value[], column: Column): Set<number | undefined> {
  return new Set(values.map((value) => column.codeOf(value)));
}
