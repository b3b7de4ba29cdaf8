import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { sideBySide } from '../../store/items.ts';
import { FileWindow } from './file-window.ts';
import { decodeHead, decodeOldHead, encodeHead, headBytes, magic, type RecordHead } from './record-head.ts';

/** One entry of an append-only file. */
export interface LogRecord {
  /** Something JSON can hold. */
  readonly meta: object;
  readonly rows: readonly Uint8Array<ArrayBuffer>[];
}

/** A record that was read, and where it lies in the file. */
export interface StoredRecord {
  readonly kind: 'record';
  /** JSON. It is valid until the next record is asked for. */
  readonly meta: Buffer;
  readonly position: number;
  /** Of the first row's first byte. */
  readonly rowsAt: number;
  readonly rowBytes: number;
  readonly end: number;
  readonly isAcknowledged: boolean;
  /** As its head has it. */
  readonly checksum: number;
  /** Checksums of its rows, of which none was read; absent where all were, with the record. */
  readonly sums?: Uint32Array | undefined;
}

/** Bytes that are no record, with records after them. */
export interface Damage {
  readonly kind: 'damage';
  readonly position: number;
  readonly bytes: number;
}

/** Where the next record goes. What lies there is a write that was never acknowledged. */
export interface LogEnd {
  readonly end: number;
}

export interface EncodedRecord {
  /** As its head has it. */
  readonly checksum: number;
  /** Parts that follow each other. */
  readonly parts: readonly Uint8Array[];
}

/**
 * @param isAcknowledged Of a record whose file counts only once it is on the disk.
 */
export function encodeRecord({ meta, rows }: LogRecord, position: number, isAcknowledged = true): EncodedRecord {
  const json = Buffer.from(JSON.stringify(meta));
  const sums = Buffer.alloc(4 * rows.length);
  rows.forEach((row, i) => sums.writeUInt32LE(crc32(row), 4 * i));
  const checksum = crc32(sums, crc32(json));
  const width = rows[0]?.length ?? 0;
  const head = encodeHead({ metaBytes: json.length, rows: rows.length, width, checksum, isAcknowledged }, position);
  return { checksum, parts: [head, json, sums, sideBySide(rows)] };
}

/** For a log whose first record says that it is of version 1. */
export function encodeOldRecord({ meta, rows }: LogRecord): EncodedRecord {
  const json = Buffer.from(JSON.stringify(meta));
  const payload = sideBySide(rows);
  const head = Buffer.alloc(12);
  const checksum = crc32(payload, crc32(json));
  [json.length, payload.length, checksum].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
  return { checksum, parts: [Buffer.concat([head, json]), payload] };
}

/**
 * The records of a file, and what is damaged between them. A record says where the next one is; where there is none, the
 * next is looked for. Nothing behind the last whole record is its end unless it cannot be one that was acknowledged: the
 * beginning of a record, or zeros, as a crash leaves them.
 */
export async function* readRecords(
  file: FileHandle,
  size: number,
  from = 0,
): AsyncGenerator<StoredRecord | Damage, LogEnd> {
  const log = new FileWindow(file, size);
  let position = from;
  while (position < size) {
    const found = await recordAt(log, position);
    if (found === 'torn') return { end: position };
    if (found === undefined && (await log.isEmptyFrom(position))) return { end: position };
    const end: number = found?.end ?? (await nextRecord(log, position + 1)) ?? size;
    yield found && 'meta' in found ? found : { kind: 'damage', position, bytes: end - position };
    position = end;
  }
  return { end: size };
}

type Found = StoredRecord | Pick<StoredRecord, 'end'>;

/** `torn` when the file ends within it; only its end when it is damaged; `undefined` when there is no head. */
async function recordAt(log: FileWindow, position: number): Promise<Found | 'torn' | undefined> {
  const start = await log.bytes(position, headBytes);
  if (start.length < headBytes && isBeginning(start)) return 'torn';
  const head = decodeHead(start, position);
  if (!head) return oldRecordAt(log, position, decodeOldHead(start));
  const [metaEnd, end] = endsOf(head, position);
  if (end > log.size) return 'torn';
  const body = await log.bytes(position + headBytes, metaEnd - position - headBytes);
  if (crc32(body) !== head.checksum) return { end };
  const meta = body.subarray(0, head.metaBytes);
  const sums = new Uint32Array(body.buffer.slice(body.byteOffset + head.metaBytes, body.byteOffset + body.length));
  const place = { position, rowsAt: metaEnd, rowBytes: head.rows * head.width, end };
  const { isAcknowledged, checksum } = head;
  return { kind: 'record', meta, ...place, isAcknowledged, checksum, sums };
}

/** Whether all rows of a record are what was written. */
export async function areWhole(file: FileHandle, { rowsAt, end, rowBytes, sums }: StoredRecord): Promise<boolean> {
  if (!sums) return true;
  const log = new FileWindow(file, end);
  const width = rowBytes / sums.length;
  for (const [i, sum] of sums.entries()) {
    if (crc32(await log.bytes(rowsAt + i * width, width)) !== sum) return false;
  }
  return true;
}

/** The first bytes of a head that were written; no record is as short. */
function isBeginning(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(magic.subarray(0, bytes.length));
}

/** Its lengths are believed only with its content. */
async function oldRecordAt(
  log: FileWindow,
  position: number,
  head: RecordHead | undefined,
): Promise<Found | undefined> {
  if (!head) return undefined;
  const metaEnd = position + head.bytes + head.metaBytes;
  const end = metaEnd + head.width;
  if (end > log.size) return undefined;
  const body = (await log.bytes(position, end - position)).subarray(head.bytes);
  if (crc32(body) !== head.checksum) return undefined;
  const meta = body.subarray(0, head.metaBytes);
  const place = { position, rowsAt: metaEnd, rowBytes: head.width, end };
  return { kind: 'record', meta, ...place, isAcknowledged: true, checksum: head.checksum };
}

function endsOf({ metaBytes, rows, width }: RecordHead, position: number): [metaEnd: number, end: number] {
  const metaEnd = position + headBytes + metaBytes + 4 * rows;
  return [metaEnd, metaEnd + rows * width];
}

/** How records of version 1 begin, behind their heads. */
const oldMetas = ['{"ids":[', '{"deleted":['].map((text) => Buffer.from(text));

async function nextRecord(log: FileWindow, from: number): Promise<number | undefined> {
  for (let at = from; ;) {
    const found = await log.find([magic, ...oldMetas], at);
    if (found === undefined) return undefined;
    const isNew = (await log.bytes(found, 4)).equals(magic);
    const position = isNew ? found : found - 12;
    const record = position >= from ? await recordAt(log, position) : undefined;
    if (record) return position;
    at = found + 1;
  }
}
