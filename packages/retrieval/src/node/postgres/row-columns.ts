import { EmbeddingError } from '@diptych/core';
import type { Filter } from '../../filter.ts';
import type { Fields, Metadata } from '../../metadata.ts';
import { isOrdinary } from '../../store/near-rows.ts';
import { floatsOf, rowBytes } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import { sqlFilter } from '../../store/sql-filter.ts';
import type { StoreConfig } from '../../store.ts';

/** A row of the table, which has either bytes or an embedding. */
export interface Row {
  readonly place: string;
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** As pgvector sends it, in base64: the driver knows no binary answers. */
  readonly embedding?: string | null;
  readonly scale: number | null;
  readonly metadata: Metadata;
}

/** What is read of a row. */
export function selected(hasVectors: boolean): string {
  const embedding = hasVectors ? ", encode(vector_send(embedding), 'base64') AS embedding" : '';
  return `place, id, bytes, scale, metadata${embedding}`;
}

/** The number of PostgreSQL's type `bytea`, in every database. */
const bytea = 17;

/**
 * Columns of rows, as arrays: components go to the server as they are, not as text.
 *
 * @param vector The number of pgvector's type, where there is one.
 */
export function columnsOf(items: readonly Item[], vector: number | undefined): unknown[] {
  const vectors = items.map(({ bytes }) => (vector === undefined ? null : vectorBytes(floatsOf(bytes))));
  return [
    items.map(({ id }) => id),
    binaryArray(
      bytea,
      items.map(({ bytes }, i) => (vectors[i] ? null : bytes)),
    ),
    items.map(({ scale }) => scale ?? null),
    items.map(({ metadata }) => JSON.stringify(metadata)),
    ...(vector === undefined ? [] : [binaryArray(vector, vectors)]),
  ];
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a row that is of another length than was written. */
export function itemOf(row: Row, table: string, config: Required<StoreConfig>): Item {
  const { id, scale, metadata } = row;
  const bytes = row.embedding ? floatBytes(Buffer.from(row.embedding, 'base64')) : new Uint8Array(row.bytes ?? []);
  const expected = rowBytes(config);
  if (bytes.length !== expected) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: `${table}: '${id}'`,
      expected: `a row of ${expected} bytes`,
      got: bytes.length,
      cure: 'upsert it again',
    });
  }
  return { id, bytes, scale: scale ?? undefined, metadata };
}

/**
 * Of pgvector: how many components, nothing, and float32, most significant byte first. `null` for a row that it cannot
 * compare.
 */
export function vectorBytes(row: Float32Array): Buffer | null {
  if (!isOrdinary(row)) return null;
  const bytes = Buffer.alloc(4 + 4 * row.length);
  bytes.writeUInt16BE(row.length);
  new Float32Array(bytes.buffer, bytes.byteOffset + 4, row.length).set(row);
  bytes.subarray(4).swap32();
  return bytes;
}

function floatBytes(vector: Buffer): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(new Uint8Array(vector.subarray(4)));
  return new Uint8Array(bytes.length % 4 === 0 ? bytes.swap32() : bytes);
}

/** As PostgreSQL receives an array of one dimension: what of it is given, what is absent, the type, the length, from 1 on. */
function binaryArray(type: number, values: readonly (Uint8Array | null)[]): Buffer {
  const array = Buffer.alloc(20 + values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 0));
  [1, 1, type, values.length, 1].forEach((value, i) => array.writeUInt32BE(value, 4 * i));
  let at = 20;
  for (const value of values) {
    at = array.writeInt32BE(value ? value.length : -1, at);
    if (value) array.set(value, at);
    at += value?.length ?? 0;
  }
  return array;
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
