import type { Filter } from '../filter.ts';
import type { Fields, Metadata } from '../metadata.ts';
import { isOrdinary } from '../store/near-rows.ts';
import { floatsOf } from '../store/items.ts';
import type { Item } from '../store/row-storage.ts';
import { sqlFilter } from '../store/sql-filter.ts';

/** A row of the table, which has either bytes or an embedding. */
export interface Row {
  readonly place: string;
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly embedding?: string | null;
  readonly scale: number | null;
  readonly metadata: Metadata;
}

/** Columns of rows, as arrays. */
export function columnsOf(items: readonly Item[], hasVectors: boolean): unknown[] {
  const texts = items.map(({ bytes }) => (hasVectors ? vectorText(floatsOf(bytes)) : null));
  return [
    items.map(({ id }) => id),
    items.map(({ bytes }, i) => (texts[i] === null ? bytes : null)),
    items.map(({ scale }) => scale ?? null),
    items.map(({ metadata }) => JSON.stringify(metadata)),
    ...(hasVectors ? [texts] : []),
  ];
}

export function itemOf({ id, bytes, embedding, scale, metadata }: Row): Item {
  const components = embedding ? Float32Array.from(JSON.parse(embedding) as number[]) : undefined;
  return { id, bytes: new Uint8Array(components?.buffer ?? bytes!), scale: scale ?? undefined, metadata };
}

/** pgvector's notation; `null` for a row that it cannot compare. */
export function vectorText(row: Float32Array): string | null {
  // Numbers are printed so that they are read the same, but for the sign of zero.
  return isOrdinary(row) ? `[${Array.from(row, (value) => (Object.is(value, -0) ? '-0' : value)).join(',')}]` : null;
}

const expressions = { string: '', number: '::float8', boolean: '::boolean' } as const;

/** A condition, whose values and names of fields are parameters after those before; `undefined` where SQL cannot have it. */
export function where(
  filter: Filter | undefined,
  fields: Fields,
  before: readonly unknown[],
): { sql: string; values: unknown[] } | undefined {
  const values = [...before];
  const parameter = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const column = (field: string) => `(metadata ->> ${parameter(field, 'text')})${expressions[fields[field]!]}`;
  const types = { string: 'text', number: 'float8', boolean: 'boolean' } as const;
  const value = (given: string | number | boolean) => parameter(given, types[typeof given as keyof typeof types]);
  const sql = filter ? sqlFilter(filter, { column, value }) : 'TRUE';
  return sql === undefined ? undefined : { sql, values };
}
