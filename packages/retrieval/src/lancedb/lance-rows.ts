import type * as Arrow from 'apache-arrow';
import type { Filter } from '../filter.ts';
import type { Value } from '../metadata.ts';
import { isOrdinary } from '../store/near-rows.ts';
import { floatsOf } from '../store/items.ts';
import type { Item } from '../store/row-storage.ts';
import { sqlFilter } from '../store/sql-filter.ts';
import type { StoreConfig } from '../store.ts';

/** A row as Arrow gives it; a field is null where it is absent. */
export interface LanceRow {
  readonly place: bigint;
  readonly id: string;
  readonly scale: number | null;
  readonly embedding?: { toArray(): Float32Array };
  readonly bytes?: Uint8Array;
  readonly _distance?: number;
  readonly [column: `field_${number}`]: Value | null;
}

/** What rows look like: embeddings for float32, bytes for other precisions, and a typed column for each field. */
export class LanceRows {
  readonly #config: Required<StoreConfig>;
  readonly #names: readonly string[];

  constructor(config: Required<StoreConfig>) {
    this.#config = config;
    this.#names = Object.keys(config.fields).toSorted();
  }

  /** The configuration is part of the schema, so a table is never without it. */
  schema(arrow: typeof Arrow): Arrow.Schema {
    const { Field, Schema, FixedSizeList, Float32, Float64, Int64, Utf8, Bool, Binary } = arrow;
    const types = { string: new Utf8(), number: new Float64(), boolean: new Bool() };
    const vector = new FixedSizeList(this.#config.dim, new Field('item', new Float32(), true));
    return new Schema(
      [
        new Field('place', new Int64(), false),
        new Field('id', new Utf8(), false),
        new Field('scale', new Float64(), true),
        new Field('odd', new Bool(), false),
        this.#isFloat() ? new Field('embedding', vector, false) : new Field('bytes', new Binary(), false),
        ...this.#names.map((name, i) => new Field(`field_${i}`, types[this.#config.fields[name]!], true)),
      ],
      new Map([['diptych', JSON.stringify(this.#config)]]),
    );
  }

  recordOf({ id, scale, bytes, metadata }: Item, place: number): Record<string, unknown> {
    const floats = this.#isFloat() ? floatsOf(bytes) : undefined;
    const value = (name: string) => (Object.hasOwn(metadata, name) ? metadata[name]! : null);
    return {
      place: BigInt(place),
      id,
      scale: scale ?? null,
      odd: floats !== undefined && !isOrdinary(floats),
      ...(floats ? { embedding: [...floats] } : { bytes }),
      ...Object.fromEntries(this.#names.map((name, i) => [`field_${i}`, value(name)])),
    };
  }

  itemOf(row: LanceRow): Item {
    const bytes = row.embedding ? new Uint8Array(row.embedding.toArray().slice().buffer) : new Uint8Array(row.bytes!);
    const metadata = this.#names.flatMap((name, i) => {
      const value = row[`field_${i}`]!;
      return value === null ? [] : [[name, value] as const];
    });
    return { id: row.id, bytes, scale: row.scale ?? undefined, metadata: Object.fromEntries(metadata) };
  }

  /** A condition with escaped literals: LanceDB has no parameters. `undefined` where it cannot parse it. */
  where(filter: Filter): string | undefined {
    const column = (field: string) => `field_${this.#names.indexOf(field)}`;
    return sqlFilter(filter, { column, value: literal, maxComparisons: 200, maxDepth: 6 });
  }

  #isFloat(): boolean {
    return this.#config.precision === 'float32';
  }
}

function literal(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return typeof value === 'boolean' ? String(value) : `CAST('${value}' AS DOUBLE)`;
}
