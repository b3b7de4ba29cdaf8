import { crc32 } from 'node:zlib';
import { EmbeddingError } from '@diptych/core';
import type { Filter } from '../filter.ts';
import type { Fields, Value } from '../metadata.ts';
import { isOrdinary } from '../store/near-rows.ts';
import { floatsOf } from '../store/items.ts';
import type { Item } from '../store/row-storage.ts';
import { sqlFilter } from '../store/sql-filter.ts';
import type { StoreConfig } from '../store.ts';

/** A row of the table; a field is NULL where it is absent. */
export interface Row {
  readonly place: number;
  readonly id: string;
  readonly scale: number | null;
  /** NULL in a row of before there were any. */
  readonly checksum: number | null;
  readonly bytes: ArrayBuffer;
  readonly [column: `field_${number}`]: string | number | null;
}

type SqlValue = string | number | null;

const types = { string: 'TEXT', number: 'REAL', boolean: 'INTEGER' } as const;

/** What a table of rows looks like: a typed column for each field, named by its place in the alphabet. */
export class RowTable {
  readonly create: string;
  readonly insert: string;
  readonly #fields: Fields;
  readonly #names: readonly string[];
  readonly #isFloat: boolean;

  constructor({ fields, precision }: Required<StoreConfig>) {
    this.#fields = fields;
    this.#names = Object.keys(fields).toSorted();
    this.#isFloat = precision === 'float32';
    const columns = this.#names.map((name) => this.#column(name));
    // Components last: what follows them is read through all their pages.
    this.create = `
    CREATE TABLE IF NOT EXISTS diptych_rows (
      place INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      scale REAL,
      odd INTEGER NOT NULL,
      checksum INTEGER,
      ${columns.map((column, i) => `${column} ${types[fields[this.#names[i]!]!]},`).join(' ')}
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS diptych_rows_odd ON diptych_rows (place) WHERE odd = 1`;
    const all = ['id', 'scale', 'odd', 'checksum', ...columns, 'bytes'];
    const updates = all.slice(1).map((column) => `${column} = excluded.${column}`);
    this.insert = `INSERT INTO diptych_rows (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} RETURNING place`;
  }

  /** A condition and its arguments; `undefined` where SQL cannot have it. */
  where(filter: Filter | undefined): { sql: string; values: SqlValue[] } | undefined {
    const values: SqlValue[] = [];
    const value = (given: Value) => {
      values.push(sqlValue(given));
      return '?';
    };
    const sql = filter ? sqlFilter(filter, { column: (field) => this.#column(field), value }) : 'TRUE';
    return sql === undefined ? undefined : { sql, values };
  }

  /** The arguments of `insert`. */
  argumentsOf({ id, scale, bytes, metadata }: Item): unknown[] {
    const odd = this.#isFloat && !isOrdinary(floatsOf(bytes));
    const values = this.#names.map((name) => sqlValue(Object.hasOwn(metadata, name) ? metadata[name]! : null));
    return [id, scale ?? null, Number(odd), checksumOf([id, scale ?? null, ...values], bytes), ...values, bytes];
  }

  /** @throws {EmbeddingError} `INPUT_INVALID` for a row that is not what was written. */
  itemOf(row: Row): Item {
    const values = this.#names.map((_, i) => row[`field_${i}`]!);
    const checksum = checksumOf([row.id, row.scale, ...values], new Uint8Array(row.bytes));
    if (row.checksum !== null && row.checksum !== checksum) {
      throw new EmbeddingError('INPUT_INVALID', `'${row.id}': damaged on the disk; delete it or upsert it again`);
    }
    const metadata = this.#names.flatMap((name, i) => {
      const value = row[`field_${i}`]!;
      if (value === null) return [];
      return [[name, this.#fields[name] === 'boolean' ? value === 1 : value] as const];
    });
    return {
      id: row.id,
      bytes: new Uint8Array(row.bytes),
      scale: row.scale ?? undefined,
      metadata: Object.fromEntries(metadata),
    };
  }

  #column(field: string): `field_${number}` {
    return `field_${this.#names.indexOf(field)}`;
  }
}

/** SQLite has none: it gives back whatever is on the disk. */
function checksumOf(values: readonly SqlValue[], bytes: Uint8Array): number {
  return crc32(bytes, crc32(JSON.stringify(values)));
}

/** libsql ends the process for a boolean. */
function sqlValue(value: Value | null): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}
