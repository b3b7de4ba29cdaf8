import { gunzipSync, gzipSync } from 'node:zlib';
import type { ParquetOptions } from '@diptych/datasets';
import { everyEncoding } from '@diptych/golden';
import { parquetWriteBuffer } from 'hyparquet-writer';

type Write = Parameters<typeof parquetWriteBuffer>[0];

const n = 40;
const each = <T>(of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

const encodings: Write['columnData'] = [...everyEncoding(n)];

const nested: Pick<Write, 'schema' | 'columnData'> = {
  schema: [
    { name: 'root', num_children: 2 },
    { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    { name: 'captions', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ],
  columnData: [
    { name: 'image', data: each((i) => (i % 7 ? { bytes: Uint8Array.of(255, 216, i), path: `${i}.jpg` } : null)) },
    { name: 'captions', data: each((i) => (i % 6 ? Array.from({ length: i % 4 }, (_, k) => `${i} ${k % 2}`) : null)) },
  ],
};

const written = (options: Write): Uint8Array<ArrayBuffer> => new Uint8Array(parquetWriteBuffer(options));

export const compressors: ParquetOptions['compressors'] = {
  GZIP: (packed) => gunzipSync(packed, { maxOutputLength: 2 ** 27 }),
};

/** Honest files: packed and not, in several row groups and pages, nested. */
export function parquetFiles(): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  return {
    plain: written({ columnData: encodings, codec: 'UNCOMPRESSED' }),
    snappy: written({ columnData: encodings, rowGroupSize: 16, pageSize: 64 }),
    nested: written({ ...nested, codec: 'UNCOMPRESSED', rowGroupSize: 25 }),
    'nested snappy': written({ ...nested, pageSize: 50 }),
    gzip: written({ ...nested, codec: 'GZIP', compressors: { GZIP: (bytes) => gzipSync(bytes) } }),
  };
}
