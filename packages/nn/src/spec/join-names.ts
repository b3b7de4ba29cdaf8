import { expectMembers } from '@diptych/core';
import type { NameTable } from './name-table.ts';

/** One table for a model made of named parts: every path of a part's table gets the part's name in front. */
export function joinNames(parts: Readonly<Record<string, NameTable>>): NameTable {
  expectMembers(parts, 'joinNames: parts');
  const entries = Object.entries(parts);
  for (const [part, table] of entries) expectMembers(table, `joinNames: ${part}`, 'names');
  return {
    names: Object.fromEntries(
      entries.flatMap(([part, { names }]) =>
        Object.entries(names).map(([path, source]) => [path ? `${part}.${path}` : part, source] as const),
      ),
    ),
    ignore: entries.flatMap(([, { ignore = [] }]) => ignore),
  };
}
