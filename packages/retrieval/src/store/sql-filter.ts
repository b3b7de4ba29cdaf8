import type { Condition, Filter } from '../filter.ts';
import type { Value } from '../metadata.ts';

/** How a database names a field and takes a value. */
export interface SqlDialect {
  /** An expression that is NULL where the field is absent. */
  readonly column: (field: string) => string;
  /** A placeholder, or an escaped literal. */
  readonly value: (value: Value) => string;
}

/** Comparisons of one filter: SQLite parses a thousand levels, and each of a chain is one. */
const maxComparisons = 500;

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A filter that was checked, as a condition that is never NULL; `undefined` where it has too many comparisons. */
export function sqlFilter(filter: Filter, dialect: SqlDialect): string | undefined {
  return comparisons(filter) > maxComparisons ? undefined : sqlOf(filter, dialect);
}

function sqlOf(filter: Filter, dialect: SqlDialect): string {
  if ('and' in filter) return joined(filter.and, dialect, 'AND', 'TRUE');
  if ('or' in filter) return joined(filter.or, dialect, 'OR', 'FALSE');
  if ('not' in filter) return `(NOT ${sqlOf(filter.not, dialect)})`;
  return conditionSql(filter, dialect);
}

function joined(filters: readonly Filter[], dialect: SqlDialect, operator: string, none: string): string {
  return filters.length > 0 ? `(${filters.map((filter) => sqlOf(filter, dialect)).join(` ${operator} `)})` : none;
}

function conditionSql({ field, in: values, ...bySize }: Condition, { column, value }: SqlDialect): string {
  const name = column(field);
  const all = Object.entries(bySize).map(
    ([operator, operand]) => `${name} ${signs[operator as keyof typeof signs]} ${value(operand)}`,
  );
  if (values) all.push(values.length > 0 ? `${name} IN (${values.map(value).join(', ')})` : 'FALSE');
  return `(${[`${name} IS NOT NULL`, ...all].join(' AND ')})`;
}

function comparisons(filter: Filter): number {
  if ('not' in filter) return 1 + comparisons(filter.not);
  if ('field' in filter) return Object.keys(filter).length + (filter.in?.length ?? 0);
  const joins = 'and' in filter ? filter.and : filter.or;
  return joins.reduce((sum, each) => sum + comparisons(each), 1);
}
