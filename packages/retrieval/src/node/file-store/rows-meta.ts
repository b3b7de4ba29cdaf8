import { EmbeddingError } from '@diptych/core';
import { checkMetadata, type Metadata } from '../../metadata.ts';
import type { StoreConfig } from '../../store.ts';
import { checkIds } from '../../store/check-put.ts';
import { hasScales, rowBytes } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import type { LogRecord, StoredRecord } from './record-log.ts';

/** What a record says: that these rows follow, that some are deleted, or that the store was closed. */
export type RowsMeta =
  | {
      readonly ids: readonly string[];
      /** Absent when no row has any. */
      readonly metadata?: readonly Metadata[] | undefined;
      readonly scales?: readonly number[] | undefined;
    }
  | { readonly deleted: readonly string[] };

export function putRecord(items: readonly Item[]): LogRecord & { readonly meta: RowsMeta } {
  const meta = {
    ids: items.map(({ id }) => id),
    metadata: items.some(({ metadata }) => Object.keys(metadata).length > 0)
      ? items.map(({ metadata }) => metadata)
      : undefined,
    scales: items[0]?.scale === undefined ? undefined : items.map(({ scale }) => scale!),
  };
  return { meta, rows: items.map(({ bytes }) => bytes) };
}

export function deleteRecord(ids: readonly string[]): LogRecord & { readonly meta: RowsMeta } {
  return { meta: { deleted: ids }, rows: [] };
}

/** `undefined` for what is no JSON. */
export function parseMeta(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a record that this store cannot have written, whatever its checksum. */
export function checkRowsMeta(
  where: string,
  meta: unknown,
  { rowBytes: bytes }: StoredRecord,
  config: Required<StoreConfig>,
): RowsMeta {
  const refuse = (expected: string, got: unknown) => new EmbeddingError('INPUT_INVALID', { where, expected, got });
  if (typeof meta !== 'object' || meta === null) throw refuse('what rows there are as JSON', meta);
  const { deleted, ids, metadata, scales } = meta as Readonly<Record<string, unknown>>;
  const list = deleted ?? ids;
  if (!Array.isArray(list)) throw refuse('a list of ids', list);
  checkIds(where, list as string[]);
  const rows = deleted === undefined ? list.length : 0;
  if (bytes !== rows * rowBytes(config)) throw refuse(`${rows} rows of ${rowBytes(config)} bytes`, `${bytes} bytes`);
  if (deleted !== undefined) return { deleted: list as string[] };
  const isScaled = hasScales(config);
  const isScales = Array.isArray(scales) && scales.length === rows && scales.every(Number.isFinite);
  if (isScaled ? !isScales : scales !== undefined) throw refuse(isScaled ? `${rows} scales` : 'no scales', scales);
  if (metadata !== undefined) checkAll(where, metadata, rows, config);
  return meta as RowsMeta;
}

function checkAll(where: string, metadata: unknown, rows: number, { fields }: Required<StoreConfig>): void {
  const isList = Array.isArray(metadata) && metadata.length === rows;
  const all = isList ? (metadata as readonly unknown[]) : [undefined];
  for (const one of all) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) {
      throw new EmbeddingError('INPUT_INVALID', { where, expected: `metadata of ${rows} rows`, got: metadata });
    }
    checkMetadata(where, one as Metadata, fields);
  }
}
