import { open } from 'node:fs/promises';
import { type Embeddings, expectText, type Precision } from '@diptych/core';
import { writeAt } from '@diptych/core/node';

/** Long enough for any shape, and a multiple of the 64 that the format asks for. */
const headerBytes = 128;

/** NumPy's name of each stored type; the binary precisions are packed bytes. */
const descriptors: Readonly<Record<Precision, string>> = {
  float32: '<f4',
  int8: '|i1',
  uint8: '|u1',
  binary: '|i1',
  ubinary: '|u1',
};

/**
 * A two-dimensional `.npy` file, version 1.0, written in constant memory. No row at all gives an array of shape `(0, 0)`.
 */
export interface NpyWriter {
  add(rows: Embeddings<Precision>): Promise<void>;
  /** Makes it whole. */
  close(): Promise<void>;
  /** Instead of `close`: leaves it unfinished. */
  abandon(): Promise<void>;
}

/** @param path Of a file that is not there yet. */
export async function npyWriter(path: string): Promise<NpyWriter> {
  expectText(path, 'npyWriter');
  const file = await open(path, 'wx');
  let end = headerBytes;
  let shape: readonly [number, number] = [0, 0];
  let precision: Precision = 'float32';
  return {
    async add(rows) {
      const { data } = rows;
      ({ precision } = rows);
      shape = [shape[0] + rows.shape[0], data.length / rows.shape[0]];
      await writeAt(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end);
      end += data.byteLength;
    },
    async close() {
      await writeAt(file, npyHeader(descriptors[precision], shape), 0);
      await file.sync();
      await file.close();
    },
    abandon: async () => file.close(),
  };
}

/** Magic, version 1.0, length, then a Python dictionary padded with spaces. */
export function npyHeader(descriptor: string, [rows, columns]: readonly [number, number]): Uint8Array {
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const header = Buffer.from(`\u0093NUMPY\u0001\u0000..${dictionary.padEnd(headerBytes - 11)}\n`, 'latin1');
  header.writeUInt16LE(headerBytes - 10, 8);
  return header;
}
