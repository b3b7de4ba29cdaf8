import type { Condition, Filter } from '../filter.ts';
import type { Value } from '../metadata.ts';

/** How a database names a field and takes a value, and what its parser bears. */
export interface SqlDialect {
  /** Default 500: SQLite parses a thousand levels, and each comparison of a chain is one. */
  readonly maxComparisons?: number | undefined;
  /** Of brackets. Default 20: SQLite's parser holds a hundred symbols. */
  readonly maxDepth?: number | undefined;
  /** An expression that is NULL where the field is absent. */
  readonly column: (field: string) => string;
  /** A placeholder, or an escaped literal. */
  readonly value: (value: Value) => string;
}

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A filter that was checked, as a condition that is never NULL; `undefined` where it is too long or too deep. */
export function sqlFilter(filter: Filter, dialect: SqlDialect): string | undefined {
  const { maxComparisons = 500, maxDepth = 20 } = dialect;
  const { comparisons, depth } = sizeOf(filter);
  return comparisons > maxComparisons || depth > maxDepth ? undefined : sqlOf(filter, dialect);
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

function conditionSql({ field, in: values, ...bySize }: Condition, dialect: SqlDialect): string {
  const { column } = dialect;
  const value = (given: Value) => dialect.value(given === 0 ? 0 : given); // -0 is stored as 0.
  const name = column(field);
  const all = Object.entries(bySize).map(
    ([operator, operand]) => `${name} ${signs[operator as keyof typeof signs]} ${value(operand)}`,
  );
  if (values) all.push(values.length > 0 ? `${name} IN (${values.map(value).join(', ')})` : 'FALSE');
  return `(${[`${name} IS NOT NULL`, ...all].join(' AND ')})`;
}

function sizeOf(filter: Filter): { comparisons: number; depth: number } {
  if ('field' in filter) return { comparisons: Object.keys(filter).length + (filter.in?.length ?? 0), depth: 1 };
  const parts = 'not' in filter ? [filter.not] : 'and' in filter ? filter.and : filter.or;
  return parts.map(sizeOf).reduce(
    (sum, part) => ({
      comparisons: sum.comparisons + part.comparisons,
      depth: Math.max(sum.depth, part.depth + 1),
    }),
    { comparisons: 1, depth: 1 },
  );
}
