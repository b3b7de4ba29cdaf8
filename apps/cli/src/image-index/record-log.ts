import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** One entry of an append-only file. */
export interface LogRecord {
  /** Something JSON can hold. */
  readonly meta: object;
  readonly payload: Uint8Array;
}

/** A record that was read, and where it ends in the file. */
export interface StoredRecord extends LogRecord {
  readonly end: number;
}

/** Lengths of meta and payload and a checksum of both, each as unsigned 32 bits, little-endian. */
const headBytes = 12;
/** A longer record is damage: the longest real one is a path and a vector. */
const maxBytes = 16 * 2 ** 20;
const chunkBytes = 4 * 2 ** 20;

export function encodeRecord({ meta, payload }: LogRecord): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(payload.length, 4);
  head.writeUInt32LE(crc32(payload, crc32(json)), 8);
  return Buffer.concat([head, json, payload]);
}

/**
 * Records from the start of the file, in constant memory. Ends without an error before the first one that is torn or
 * damaged: the caller compares the last `end` with the size of the file.
 */
export async function* readRecords(file: FileHandle): AsyncGenerator<StoredRecord> {
  let buffer = Buffer.alloc(0);
  let position = 0; // Of the buffer's first byte in the file.
  for (;;) {
    const record = decodeRecord(buffer);
    if (record === 'damaged') return;
    if (record === 'incomplete') {
      const chunk = Buffer.alloc(chunkBytes);
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, position + buffer.length);
      if (bytesRead === 0) return;
      buffer = Buffer.concat([buffer, chunk.subarray(0, bytesRead)]);
    } else {
      buffer = buffer.subarray(record.end);
      position += record.end;
      yield { ...record, end: position };
    }
  }
}

/** The record at the start of the buffer, with `end` in the buffer. */
function decodeRecord(buffer: Buffer): StoredRecord | 'damaged' | 'incomplete' {
  if (buffer.length < headBytes) return 'incomplete';
  const metaEnd = headBytes + buffer.readUInt32LE(0);
  const end = metaEnd + buffer.readUInt32LE(4);
  // A crash of the machine may leave zeros, whose checksum is right; no meta is empty.
  if (metaEnd === headBytes || end > maxBytes) return 'damaged';
  if (buffer.length < end) return 'incomplete';
  const json = buffer.subarray(headBytes, metaEnd);
  const payload = buffer.subarray(metaEnd, end);
  if (crc32(payload, crc32(json)) !== buffer.readUInt32LE(8)) return 'damaged';
  return { meta: JSON.parse(json.toString()) as object, payload, end };
}
