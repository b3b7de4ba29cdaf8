import type { EmbeddingData, Embeddings, Precision } from '@diptych/core';
import type { Metadata, Value } from '../metadata.ts';
import type { Block, Item } from './row-storage.ts';

/** What the rows of a store have in common. */
export interface RowType {
  readonly model: string;
  readonly dim: number;
  readonly precision: Precision;
}

interface ComponentArray<T> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

const arrays: { readonly [P in Precision]: ComponentArray<EmbeddingData[P]> } = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  binary: Int8Array,
  ubinary: Uint8Array,
};

/** Bytes of one row. */
export function rowBytes({ dim, precision }: RowType): number {
  if (precision === 'binary' || precision === 'ubinary') return Math.ceil(dim / 8);
  return precision === 'float32' ? 4 * dim : dim;
}

/** Whether each row has a step. */
export function hasScales({ precision }: RowType): boolean {
  return precision === 'int8' || precision === 'uint8';
}

/** One item for each row, copied to `all`: the caller may change its arrays at once. */
export function itemsOf(
  ids: readonly string[],
  { data, scales }: Embeddings<Precision>,
  metadata: readonly Metadata[] | undefined,
  all: Uint8Array<ArrayBuffer> = new Uint8Array(data.byteLength),
): Item[] {
  const width = data.byteLength / ids.length;
  all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return ids.map((id, i) => ({
    id,
    metadata: withoutMinusZero(metadata?.[i]),
    bytes: all.subarray(i * width, (i + 1) * width),
    scale: scales?.[i],
  }));
}

/** -0 is 0: no database keeps it apart, and some compare the two as different. */
function withoutMinusZero(metadata: Metadata | undefined): Metadata {
  if (!metadata) return {};
  const copy: Record<string, Value> = { ...metadata };
  for (const name of Object.keys(copy)) if (copy[name] === 0) copy[name] = 0;
  return copy;
}

/** The components of a row of float32. */
export function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Rows that lie side by side, which are not copied where they do. */
export function sideBySide(rows: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const width = rows[0]?.length ?? 0;
  const [first] = rows;
  if (first?.buffer === rows.at(-1)?.buffer && rows.every((row, i) => isAt(row, first!, i * width))) {
    return first ? new Uint8Array(first.buffer, first.byteOffset, rows.length * width) : new Uint8Array(0);
  }
  const out = new Uint8Array(rows.length * width);
  rows.forEach((row, i) => out.set(row, i * width));
  return out;
}

function isAt(row: Uint8Array, first: Uint8Array, offset: number): boolean {
  return row.buffer === first.buffer && row.byteOffset === first.byteOffset + offset;
}

/** Items side by side. */
export function blockOf(items: readonly Item[], type: RowType): Block {
  const width = rowBytes(type);
  const bytes = new Uint8Array(items.length * width);
  items.forEach((item, i) => bytes.set(item.bytes, i * width));
  return {
    ids: items.map(({ id }) => id),
    metadata: items.map(({ metadata }) => metadata),
    rows: rowsOf(
      bytes,
      items.map(({ scale }) => scale),
      type,
    ),
  };
}

/** Rows of these bytes, which are not copied. */
export function rowsOf(
  bytes: Uint8Array<ArrayBuffer>,
  scales: readonly (number | undefined)[],
  type: RowType,
): Embeddings<Precision> {
  const { model, dim, precision } = type;
  const array = arrays[precision];
  const data = new array(bytes.buffer, bytes.byteOffset, bytes.byteLength / array.BYTES_PER_ELEMENT);
  const rows = { precision, model, data, shape: [scales.length, dim] as const };
  return hasScales(type) ? { ...rows, scales: Float32Array.from(scales, Number) } : rows;
}
