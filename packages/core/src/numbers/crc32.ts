import { expectList } from '../arguments.ts';
let table: Uint32Array | undefined;

/** CRC-32 of PNG (annex D), gzip, zip and Parquet, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  expectList(bytes, 'crc32');
  table ??= crcTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
}
