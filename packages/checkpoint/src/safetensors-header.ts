import { isObject, quote } from '@diptych/core';
import { dtypes, type Dtype } from './dtype.ts';
import { invalid } from './invalid.ts';
import { byteLength, sizes } from './shape.ts';
import { strictJson } from './strict-json.ts';

/** Where one tensor lies; offsets in bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * The header of a safetensors file, whose tensors must cover the data exactly.
 *
 * @param file What errors call the file.
 * @param bytes The JSON, without its length.
 * @param dataSize Bytes after the header.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID`.
 */
export function parseHeader(file: string, bytes: Uint8Array, dataSize: number): SafetensorsHeader {
  const header = headerObject(file, bytes);
  const tensors = new Map<string, TensorEntry>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = parseMetadata(file, value);
    else tensors.set(name, parseEntry(file, name, value));
  }
  checkCover(file, [...tensors.values()], dataSize);
  return { tensors, metadata };
}

/** The first of its bytes in UTF-8, where no JSON begins with it. */
const byteOrderMark = 0xef;

function headerObject(file: string, bytes: Uint8Array): object {
  if (bytes[0] === byteOrderMark) throw invalid(file, 'a header of JSON', 'a byte order mark');
  const header = strictJson(bytes, file);
  if (!isObject(header)) throw invalid(file, 'a header that is an object', quote(header));
  return header;
}

function parseMetadata(file: string, value: unknown): ReadonlyMap<string, string> {
  if (value === null) return new Map(); // An Option of the reference reader.
  const entries = isObject(value) ? Object.entries(value) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    throw invalid(`${file}: __metadata__`, 'strings by strings', quote(value));
  }
  return new Map(entries);
}

function parseEntry(file: string, name: string, value: unknown): TensorEntry {
  const where = `${file}: tensor '${name}'`;
  if (!isObject(value)) throw invalid(where, 'an object with dtype, shape and data_offsets', quote(value));
  const info = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const dtype = typeof info.dtype === 'string' ? dtypes.get(info.dtype) : undefined;
  if (!dtype) {
    throw invalid(where, `a dtype of ${[...dtypes.keys()]}`, quote(info.dtype));
  }
  const shape = sizes(info.shape);
  if (!shape) throw invalid(where, 'a shape of sizes', quote(info.shape));
  const [begin, end, ...rest] = sizes(info.data_offsets) ?? [];
  if (begin === undefined || end === undefined || end < begin || rest.length > 0) {
    throw invalid(where, 'data_offsets [begin, end]', quote(info.data_offsets));
  }
  const bytes = byteLength(shape, dtype.size);
  if (end - begin !== bytes) {
    throw invalid(where, `${bytes} bytes for [${shape}]`, `data_offsets of ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function checkCover(file: string, tensors: readonly TensorEntry[], dataSize: number): void {
  let covered = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const problem = begin < covered ? 'overlaps the one before' : 'leaves a hole before it';
      throw invalid(`${file}: tensor '${name}'`, `data from byte ${covered}`, `${begin}, which ${problem}`);
    }
    if (end > dataSize) {
      throw invalid(`${file}: tensor '${name}'`, `data within ${dataSize} bytes`, `an end at ${end}`);
    }
    covered = end;
  }
  if (covered !== dataSize) {
    throw invalid(file, `${covered} bytes of data`, `${dataSize}: ${dataSize - covered} belong to no tensor`);
  }
}
