import type { EmbeddingData, Embeddings, Precision } from '@diptych/core';
import type { Identity } from './identity.ts';
import type { LogRecord } from './record-log.ts';

/** What tells whether a file changed since it was embedded. */
export interface Stamp {
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** An image file as it was when it was listed. */
export interface Entry {
  /** Its path relative to the index, with `/`: both can move together. */
  readonly key: string;
  readonly stamp: Stamp;
}

/** What a record says of its row; without a stamp, that the row is removed. */
export type RowMeta = Pick<Entry, 'key'> & Partial<Entry> & { readonly scale?: number };

const arrays: { readonly [P in Precision]: new (buffer: ArrayBuffer) => EmbeddingData[P] } = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  binary: Int8Array,
  ubinary: Uint8Array,
};

/** One record for each row. */
export function rowRecords(entries: readonly Entry[], rows: Embeddings<Precision>): LogRecord[] {
  const { buffer, byteOffset, byteLength } = rows.data;
  const width = byteLength / entries.length;
  return entries.map(({ key, stamp }, i) => {
    const meta: RowMeta = { key, stamp, scale: rows.scales?.[i] };
    return { meta, payload: new Uint8Array(buffer, byteOffset + i * width, width) };
  });
}

/** The rows of records, none of them a removal. */
export function rowsOf(records: readonly LogRecord[], { precision, probe }: Identity): Embeddings<Precision> {
  const bytes = new Uint8Array(Buffer.concat(records.map(({ payload }) => payload)));
  const scales = records.map(({ meta }) => (meta as RowMeta).scale);
  return {
    precision,
    model: probe.model,
    data: new arrays[precision](bytes.buffer),
    shape: [records.length, probe.shape[1]],
    scales: scales[0] === undefined ? undefined : Float32Array.from(scales, Number),
  };
}
