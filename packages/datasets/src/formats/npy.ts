import { EmbeddingError, floatTable } from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';
import { openFile } from '../files/open-file.ts';
import { invalid } from '../invalid.ts';

/** A matrix of stored features, read by ranges of rows. */
export interface NpyRows {
  readonly shape: readonly [n: number, dim: number];
  /** Rows `[begin, end)`, row-major; float64 is rounded. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Float32Array>;
}

let halves: Float32Array | undefined;

/** Bytes of a value and its way to a number, by NumPy's name. */
const types: Readonly<Record<string, readonly [bytes: number, (view: DataView, at: number) => number]>> = {
  '<f2': [2, (view, at) => (halves ??= floatTable(5, 10, 'ieee'))[view.getUint16(at, true)]!],
  '<f4': [4, (view, at) => view.getFloat32(at, true)],
  '<f8': [8, (view, at) => view.getFloat64(at, true)],
};

/**
 * A `.npy` file of NumPy with a matrix of float16, float32 or float64, row by row.
 *
 * @throws {EmbeddingError} `NOT_FOUND`; `INPUT_INVALID` when it is no such file or cut short; `UNSUPPORTED` for other
 *   types, shapes and orders.
 */
export async function openNpy(files: Files, path: string, signal?: AbortSignal): Promise<NpyRows> {
  const file = await openFile(files, path, signal);
  const { text, begin: start } = await header(file, signal);
  const { shape, type } = matrix(text, file.name);
  const [n, dim] = shape;
  const [bytes, value] = types[type]!;
  const expected = start + n * dim * bytes;
  if (file.size !== expected) throw invalid(file.name, `${expected} bytes`, file.size);
  return {
    shape,
    async read(begin, end, readSignal) {
      if (!(begin >= 0 && begin <= end && end <= n)) {
        throw invalid(file.name, `rows within [0, ${n})`, `[${begin}, ${end})`);
      }
      const rows = new Float32Array((end - begin) * dim);
      for (let done = 0; done < rows.length;) {
        const count = Math.min(valuesAtOnce, rows.length - done);
        const from = start + (begin * dim + done) * bytes;
        const data = await file.read(from, from + count * bytes, readSignal);
        const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
        for (let i = 0; i < count; i++) rows[done + i] = value(view, i * bytes);
        done += count;
      }
      return rows;
    },
  };
}

/** Values of one read. */
const valuesAtOnce = 1 << 20;

/** Longest header, in bytes; NumPy itself reads no more than 10,000 unless told to. */
const maxHeader = 1 << 16;

/** The dictionary that describes the array, and where its values begin. Versions 1 to 3 of the format. */
async function header(file: ByteSource, signal?: AbortSignal): Promise<{ text: string; begin: number }> {
  const lead = await file.read(0, Math.min(12, file.size), signal);
  const magic = String.fromCharCode(...lead.subarray(0, 6));
  const version = lead[6] ?? 0;
  if (magic !== '\u0093NUMPY' || lead.length < 12 || version < 1 || version > 3) {
    throw invalid(file.name, 'the beginning of a .npy file of version 1 to 3', 'other bytes');
  }
  const view = new DataView(lead.buffer, lead.byteOffset);
  const [from, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const begin = from + length;
  if (length > maxHeader) throw invalid(file.name, `a header of at most ${maxHeader} bytes`, length);
  if (begin > file.size) throw invalid(file.name, `a header of ${length} bytes`, file.size - from);
  return { text: new TextDecoder().decode(await file.read(from, begin, signal)), begin };
}

function matrix(text: string, name: string): { shape: NpyRows['shape']; type: string } {
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d, ]*)\)/.exec(text)?.[1]?.match(/\d+/g)?.map(Number);
  if (!order || !sizes) throw invalid(name, 'descr, fortran_order and shape', `'${text.slice(0, 80)}'`);
  if (type !== undefined && Object.hasOwn(types, type) && order === 'False' && sizes.length === 2) {
    return { type, shape: [sizes[0]!, sizes[1]!] };
  }
  throw new EmbeddingError('UNSUPPORTED', {
    where: name,
    expected: `two axes of ${Object.keys(types)} in C order`,
    got: `[${sizes}] of ${type}, fortran_order ${order}`,
  });
}
