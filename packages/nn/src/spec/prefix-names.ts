import { expectMembers } from '@diptych/core';
import type { NameTable, Source } from './name-table.ts';

/** The same table for a file that has `prefix`, as `text.`, before every name. */
export function prefixNames(prefix: string, table: NameTable): NameTable {
  const { names, ignore = [] } = expectMembers(table, 'prefixNames: table', 'names');
  const prefixed = (source: Source): Source => {
    if (typeof source === 'string') return prefix + source;
    return 'asIs' in source ? { asIs: prefix + source.asIs } : source.map((name) => prefix + name);
  };
  return {
    names: Object.fromEntries(Object.entries(names).map(([path, source]) => [path, prefixed(source)])),
    ignore: ignore.map((name) => prefix + name),
  };
}
