import type * as Arrow from 'apache-arrow';
import type { Filter } from '../../filter.ts';
import type { Value } from '../../metadata.ts';
import { isOrdinary } from '../../store/near-rows.ts';
import { floatsOf, sideBySide } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import { sqlFilter } from '../../store/sql-filter.ts';
import type { StoreConfig } from '../../store.ts';
import { columnMakers, textsOf, valuesOf } from './lance-columns.ts';

/** A row that was read. */
export interface LanceRow {
  readonly place: number;
  readonly item: Item;
  /** Of a search. */
  readonly distance?: number | undefined;
}

/** What rows look like: embeddings for float32, bytes for other precisions, and a typed column for each field. */
export class LanceRows {
  readonly #config: Required<StoreConfig>;
  readonly #names: readonly string[];
  readonly #arrow: typeof Arrow;
  /** With the configuration, so a table is never without it. */
  readonly schema: Arrow.Schema;

  constructor(config: Required<StoreConfig>, arrow: typeof Arrow) {
    this.#config = config;
    this.#names = Object.keys(config.fields).toSorted();
    this.#arrow = arrow;
    this.schema = this.#schema();
  }

  #schema(): Arrow.Schema {
    const arrow = this.#arrow;
    const { Field, Schema, FixedSizeList, Float32, Float64, Int64, Utf8, Bool, Binary } = arrow;
    // Arrow writes a column of booleans that are all absent in a way that LanceDB cannot read.
    const types = { string: new Utf8(), number: new Float64(), boolean: new Float64() };
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

  /** Rows by columns. */
  tableOf(items: readonly Item[], places: readonly number[]): Arrow.Table {
    const { makeData, Table, RecordBatch, Struct, Int64 } = this.#arrow;
    const { texts, flags, numbers, bytes } = columnMakers(this.#arrow);
    const length = items.length;
    const rows = items.map((item) => item.bytes);
    const floats = this.#isFloat() ? rows.map((row) => floatsOf(row)) : undefined;
    const valuesAt = (name: string) =>
      items.map(({ metadata }) => (Object.hasOwn(metadata, name) ? metadata[name]! : null));
    const ofFlags = (values: readonly (boolean | null)[]) =>
      numbers(values.map((value) => (value === null ? null : Number(value))));
    const makers = {
      string: (name: string) => texts(valuesAt(name) as (string | null)[]),
      number: (name: string) => numbers(valuesAt(name) as (number | null)[]),
      boolean: (name: string) => ofFlags(valuesAt(name) as (boolean | null)[]),
    };
    const children = [
      makeData({ type: new Int64(), length, nullCount: 0, data: BigInt64Array.from(places, BigInt) }),
      texts(items.map(({ id }) => id)),
      numbers(items.map(({ scale }) => scale ?? null)),
      flags(items.map((_, i) => floats !== undefined && !isOrdinary(floats[i]!))),
      floats ? this.#vectors(rows) : bytes(rows),
      ...this.#names.map((name) => makers[this.#config.fields[name]!](name)),
    ];
    const data = makeData({ type: new Struct(this.schema.fields), length, nullCount: 0, children });
    return new Table(this.schema, new RecordBatch(this.schema, data));
  }

  #vectors(rows: readonly Uint8Array<ArrayBuffer>[]): Arrow.Data {
    const { makeData, Float32, FixedSizeList, Field } = this.#arrow;
    const data = floatsOf(sideBySide(rows));
    const child = makeData({ type: new Float32(), length: data.length, nullCount: 0, data });
    const type = new FixedSizeList(this.#config.dim, new Field('item', new Float32(), true));
    return makeData({ type, length: rows.length, nullCount: 0, child });
  }

  rowsOf(table: Arrow.Table): LanceRow[] {
    return table.batches.flatMap((batch) => this.#rowsOf(batch));
  }

  #rowsOf(batch: Arrow.RecordBatch): LanceRow[] {
    const column = (name: string) => batch.getChild(name)!;
    const ids = textsOf(column('id'));
    const [places, scales] = [valuesOf(column('place')), valuesOf(column('scale'))];
    const distances = batch.getChild('_distance');
    const bytesAt = this.#isFloat() ? vectorsOf(column('embedding'), this.#config.dim) : bytesOf(column('bytes'));
    const fields = this.#names.map((name, i) => {
      const values = column(`field_${i}`);
      if (this.#config.fields[name] === 'string') return [name, textsOf(values)] as const;
      const isFlag = this.#config.fields[name] === 'boolean';
      return [
        name,
        isFlag ? valuesOf(values).map((value) => (value === null ? null : value === 1)) : valuesOf(values),
      ] as const;
    });
    return ids.map((id, i) => {
      const metadata = fields.flatMap(([name, values]) => (values[i] === null ? [] : [[name, values[i]!] as const]));
      const scale = (scales[i] as number | null) ?? undefined;
      const item: Item = { id: id!, bytes: bytesAt(i), scale, metadata: Object.fromEntries(metadata) };
      return { place: Number(places[i]), item, distance: distances?.get(i) as number | undefined };
    });
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

type BytesAt = (row: number) => Uint8Array<ArrayBuffer>;

function vectorsOf(column: Arrow.Vector, dim: number): BytesAt {
  const [data] = column.data as readonly Arrow.Data<Arrow.FixedSizeList<Arrow.Float32>>[];
  const { values } = data!.children[0]!;
  return (row) => new Uint8Array(values.slice(row * dim, (row + 1) * dim).buffer);
}

function bytesOf(column: Arrow.Vector): BytesAt {
  return (row) => new Uint8Array(column.get(row) as Uint8Array);
}

function literal(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return `CAST('${Number(value)}' AS DOUBLE)`;
}
