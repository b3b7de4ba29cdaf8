import { EmbeddingError } from '@diptych/core';
import type { Filter } from './filter.ts';
import { checkValue, type Fields, type Metadata, typeOf, type Value } from './metadata.ts';

/** Whether a row with this metadata is to be found. */
export type Predicate = (metadata: Metadata) => boolean;

/**
 * Checks a filter, which may come from outside, and makes it a predicate.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a field that is not declared, an operator that is not known, or a value
 *   of another type than the field's.
 */
export function compileFilter(filter: Filter, fields: Fields): Predicate {
  if (typeof filter !== 'object' || filter === null) throw unknown('an object', filter);
  const given: Readonly<Record<string, unknown>> = { ...filter };
  if (Object.hasOwn(given, 'field')) return condition(given, fields);
  const [name, ...others] = Object.keys(given);
  const join = name !== undefined && others.length === 0 && Object.hasOwn(joins, name) ? joins[name] : undefined;
  if (!join) throw unknown('one of and, or, not, field', Object.keys(given).join(', ') || 'nothing');
  return join(given[name!], fields);
}

const joins: Readonly<Record<string, (value: unknown, fields: Fields) => Predicate>> = {
  and(value, fields) {
    const all = list('and', value).map((filter) => compileFilter(filter as Filter, fields));
    return (metadata) => all.every((holds) => holds(metadata));
  },
  or(value, fields) {
    const all = list('or', value).map((filter) => compileFilter(filter as Filter, fields));
    return (metadata) => all.some((holds) => holds(metadata));
  },
  not(value, fields) {
    const holds = compileFilter(value as Filter, fields);
    return (metadata) => !holds(metadata);
  },
};

const bySize: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  gt: (value, limit) => value > limit,
  gte: (value, limit) => value >= limit,
  lt: (value, limit) => value < limit,
  lte: (value, limit) => value <= limit,
};

function condition({ field, ...operators }: Readonly<Record<string, unknown>>, fields: Fields): Predicate {
  const name = String(field);
  typeOf('filter', name, fields);
  const all = Object.entries(operators).map(([operator, operand]) => comparison(name, operator, operand, fields));
  if (all.length === 0) throw unknown(`an operator for '${name}'`, 'none');
  return (metadata) => {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    return value !== undefined && all.every((holds) => holds(value));
  };
}

function comparison(field: string, operator: string, operand: unknown, fields: Fields): (value: Value) => boolean {
  if (operator === 'in') {
    const values = new Set(list('in', operand));
    values.forEach((value) => checkValue('filter', field, value, fields));
    return (value) => values.has(value);
  }
  checkValue('filter', field, operand, fields);
  if (operator === 'eq') return (value) => value === operand;
  const holds = Object.hasOwn(bySize, operator) ? bySize[operator] : undefined;
  if (!holds || typeof operand !== 'number') {
    throw unknown('eq or in, or for numbers gt, gte, lt, lte', `'${operator}' for '${field}'`);
  }
  return (value) => holds(value as number, operand);
}

function list(operator: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unknown(`a list as '${operator}'`, value);
  return value;
}

function unknown(expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where: 'filter', expected, got });
}
