import { floatsOf } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import { vectorBytes } from './row-columns.ts';

const signature = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);

/**
 * Id, bytes, scale, metadata and, where there is pgvector, the embedding of rows, in the binary format of `COPY`: each
 * field is its length and what PostgreSQL would send of it.
 */
export function copyOf(items: readonly Item[], hasVectors: boolean): Buffer {
  const parts: Uint8Array[] = [signature];
  for (const { id, bytes, scale, metadata } of items) {
    const vector = hasVectors ? vectorBytes(floatsOf(bytes)) : null;
    const fields = [
      Buffer.from(id),
      vector ? null : bytes,
      scale === undefined ? null : float8(scale),
      jsonb(metadata),
    ];
    if (hasVectors) fields.push(vector);
    parts.push(int16(fields.length));
    for (const field of fields) parts.push(int32(field ? field.length : -1), field ?? new Uint8Array());
  }
  return Buffer.concat([...parts, trailer]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function float8(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** After the number of its format. */
function jsonb(value: unknown): Buffer {
  return Buffer.from(`\u0001${JSON.stringify(value)}`);
}
