import { crc32 } from 'node:zlib';

/** How a record lies in a log, behind its head. */
export interface RecordHead {
  /** Of the head itself. */
  readonly bytes: number;
  readonly metaBytes: number;
  readonly rows: number;
  /** Of one row. */
  readonly width: number;
  /** Of the meta and, in version 2, of what follows it up to the rows; in version 1, of the rows as well. */
  readonly checksum: number;
  /** Whether all of the record was on the disk at some time. */
  readonly isAcknowledged: boolean;
}

export const headBytes = 28;
/** Where a head says that its record is on the disk, which it does not yet say when it is written. */
export const acknowledgedAt = 24;
/** No length of a record of version 1 that a file can have. */
export const magic: Buffer = Buffer.from([0x9d, 0xd1, 0xb4, 0xf7]);

/**
 * Seven unsigned 32 bits, little-endian: magic, bytes of the meta, rows, bytes of a row, a checksum of meta and checksums of
 * rows, one of the head up to here, which holds only at its position, and 0 until the record is on the disk.
 */
export function encodeHead(
  { metaBytes, rows, width, checksum, isAcknowledged }: Omit<RecordHead, 'bytes'>,
  position: number,
): Buffer {
  const head = Buffer.alloc(headBytes);
  magic.copy(head);
  [metaBytes, rows, width, checksum].forEach((value, i) => head.writeUInt32LE(value, 4 + 4 * i));
  head.writeUInt32LE(headChecksum(head, position), 20);
  head.writeUInt32LE(isAcknowledged ? 1 : 0, acknowledgedAt);
  return head;
}

/** `undefined` for anything else. */
export function decodeHead(bytes: Buffer, position: number): RecordHead | undefined {
  if (bytes.length < headBytes || !bytes.subarray(0, 4).equals(magic)) return undefined;
  if (bytes.readUInt32LE(20) !== headChecksum(bytes, position)) return undefined;
  const [metaBytes, rows, width, checksum] = [4, 8, 12, 16].map((at) => bytes.readUInt32LE(at));
  const isAcknowledged = bytes.readUInt32LE(acknowledgedAt) !== 0;
  return { bytes: headBytes, metaBytes: metaBytes!, rows: rows!, width: width!, checksum: checksum!, isAcknowledged };
}

/** A head of version 1: bytes of meta and of rows, and a checksum of both. Whether it is one, its record says. */
export function decodeOldHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.length < 12 || bytes.readUInt32LE(0) === 0) return undefined;
  const width = bytes.readUInt32LE(4);
  const checksum = bytes.readUInt32LE(8);
  return { bytes: 12, metaBytes: bytes.readUInt32LE(0), rows: 1, width, checksum, isAcknowledged: true };
}

function headChecksum(head: Buffer, position: number): number {
  const place = Buffer.alloc(8);
  place.writeDoubleLE(position);
  return crc32(place, crc32(head.subarray(0, 20)));
}
