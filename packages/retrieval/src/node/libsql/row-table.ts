import { crc32 } from 'node:zlib';
import { EmbeddingError } from '@diptych/core';
import type { Filter } from '../../filter.ts';
import type { Fields, Value } from '../../metadata.ts';
import { isOrdinary } from '../../store/near-rows.ts';
import { floatsOf, rowBytes, sideBySide } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import { sqlFilter } from '../../store/sql-filter.ts';
import type { StoreConfig } from '../../store.ts';

type SqlValue = string | number | null;

/** A row, and its number in the order in which rows were first stored. */
export interface PlacedItem extends Item {
  readonly place: number;
}

/**
 * A row of the table, as an array: an object for each costs as much again as to read it. The checksum is NULL in a row of
 * before there were any, a field where it is absent.
 */
export type Row = readonly [
  place: number,
  id: string,
  scale: number | null,
  checksum: number | null,
  bytes: ArrayBuffer,
  ...fields: SqlValue[],
];

const bytesPerInsert = 2 ** 18;
/** SQLite takes 32766 arguments. */
const mostArguments = 32_000;

const types = { string: 'TEXT', number: 'REAL', boolean: 'INTEGER' } as const;

/** What a table of rows looks like: a typed column for each field, named by its place in the alphabet. */
export class RowTable {
  readonly create: string;
  /** What is read of a row, in the order of `Row`. */
  readonly columns: string;
  /** Rows that one statement inserts at most. */
  readonly rowsPerInsert: number;
  readonly #width: number;
  readonly #written: readonly string[];
  readonly #fields: Fields;
  readonly #names: readonly string[];
  readonly #isFloat: boolean;

  constructor(config: Required<StoreConfig>) {
    const { fields, precision } = config;
    this.#fields = fields;
    this.#width = rowBytes(config);
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
    CREATE INDEX IF NOT EXISTS diptych_rows_odd ON diptych_rows (place) WHERE odd = 1;
    CREATE TABLE IF NOT EXISTS diptych_written (mark TEXT NOT NULL) STRICT`;
    this.#written = ['id', 'scale', 'odd', 'checksum', ...columns];
    this.columns = ['place', 'id', 'scale', 'checksum', 'bytes', ...columns].join(', ');
    const most = Math.min(bytesPerInsert / this.#width, mostArguments / this.#written.length);
    this.rowsPerInsert = Math.max(1, Math.floor(most));
  }

  /** Inserts so many rows, which come as one argument, side by side: a call of SQLite for each costs more than the row. */
  insert(rows: number): string {
    const [names, width] = [this.#written, this.#width];
    const row = (_: unknown, i: number) => {
      const values = names.map((_name, column) => `?${2 + i * names.length + column}`);
      return `(${values.join(', ')}, substr(?1, ${i * width + 1}, ${width}))`;
    };
    const updates = [...names.slice(1), 'bytes'].map((column) => `${column} = excluded.${column}`);
    return `INSERT INTO diptych_rows (${names.join(', ')}, bytes) VALUES ${Array.from({ length: rows }, row).join(', ')}
      ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`;
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
  argumentsOf(items: readonly Item[]): unknown[] {
    const values: unknown[] = [sideBySide(items.map(({ bytes }) => bytes))];
    for (const { id, scale = null, bytes, metadata } of items) {
      const odd = this.#isFloat && !isOrdinary(floatsOf(bytes));
      const fields = this.#names.map((name) => sqlValue(Object.hasOwn(metadata, name) ? metadata[name]! : null));
      values.push(id, scale, Number(odd), checksumOf([id, scale, ...fields], bytes), ...fields);
    }
    return values;
  }

  /** @throws {EmbeddingError} `INPUT_INVALID` for a row that is not what was written. */
  itemOf([place, id, scale, checksum, buffer, ...values]: Row): PlacedItem {
    const bytes = new Uint8Array(buffer);
    if (checksum !== null && checksum !== checksumOf([id, scale, ...values], bytes)) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: `'${id}'`,
        expected: 'what was written',
        got: 'a row damaged on the disk',
        cure: 'delete it or upsert it again',
      });
    }
    const metadata = this.#names.flatMap((name, i) => {
      const value = values[i]!;
      if (value === null) return [];
      return [[name, this.#fields[name] === 'boolean' ? value === 1 : value] as const];
    });
    return { place, id, bytes, scale: scale ?? undefined, metadata: Object.fromEntries(metadata) };
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
