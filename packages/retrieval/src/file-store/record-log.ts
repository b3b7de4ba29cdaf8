import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { readAt } from './positions.ts';

/** One entry of an append-only file. */
export interface LogRecord {
  /** Something JSON can hold. */
  readonly meta: object;
  readonly payload: Uint8Array;
}

/** A record that was read, and where it lies in the file. */
export interface StoredRecord extends LogRecord {
  /** Of the payload's first byte. */
  readonly payloadStart: number;
  readonly end: number;
}

/** How a log ends: behind its last whole record, and whether more than a torn write lies there. */
export interface LogEnd {
  readonly end: number;
  /** A record is damaged although others follow: no interrupted write does that. */
  readonly isDamaged: boolean;
}

/** Lengths of meta and payload and a checksum of both, each as unsigned 32 bits, little-endian. */
const headBytes = 12;
const chunkBytes = 4 * 2 ** 20;

export function encodeRecord({ meta, payload }: LogRecord): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(payload.length, 4);
  head.writeUInt32LE(crc32(payload, crc32(json)), 8);
  return Buffer.concat([head, json, payload]);
}

/** Whole records from the start of the file, no more than one chunk or record at a time in memory. */
export async function* readRecords(file: FileHandle, size: number): AsyncGenerator<StoredRecord, LogEnd> {
  let buffer: Buffer = Buffer.alloc(0);
  let position = 0; // Of the buffer's first byte in the file.
  for (;;) {
    const need = recordBytes(buffer);
    // No meta is empty, but a crash of the machine may leave zeros.
    if (need === 'empty' || position + need > size) return { end: position, isDamaged: false };
    if (buffer.length < need) {
      buffer = await readMore(file, buffer, { position, need, size });
      continue;
    }
    const record = decodeRecord(buffer.subarray(0, need));
    if (!record) return { end: position, isDamaged: position + need < size };
    const payloadStart = position + need - record.payload.length;
    position += need;
    buffer = buffer.subarray(need);
    yield { ...record, payloadStart, end: position };
  }
}

/** Bytes of the record at the start of the buffer, at least those of its head. */
function recordBytes(buffer: Buffer): number | 'empty' {
  if (buffer.length < headBytes) return headBytes;
  const metaBytes = buffer.readUInt32LE(0);
  return metaBytes === 0 ? 'empty' : headBytes + metaBytes + buffer.readUInt32LE(4);
}

async function readMore(
  file: FileHandle,
  buffer: Buffer,
  { position, need, size }: { position: number; need: number; size: number },
): Promise<Buffer> {
  const more = Buffer.alloc(Math.min(Math.max(need, chunkBytes), size - position));
  buffer.copy(more);
  await readAt(file, more.subarray(buffer.length), position + buffer.length);
  return more;
}

function decodeRecord(bytes: Buffer): LogRecord | undefined {
  const metaEnd = headBytes + bytes.readUInt32LE(0);
  const json = bytes.subarray(headBytes, metaEnd);
  const payload = bytes.subarray(metaEnd);
  if (crc32(payload, crc32(json)) !== bytes.readUInt32LE(8)) return undefined;
  return { meta: JSON.parse(json.toString()) as object, payload };
}
