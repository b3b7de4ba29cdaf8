import { type Checkpoint, expectMembers } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { ownBuffer } from './dtype.ts';
import { invalid } from './invalid.ts';
import { readExactly } from './read-exactly.ts';
import { parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensors-header.ts';

/** One safetensors file, with its own notes, such as `format`, as metadata. */
export type SafetensorsFile = Checkpoint & Required<Pick<Checkpoint, 'metadata' | 'readRange'>>;

const lengthBytes = 8;
/** Limit of the reference reader: a larger header is an attack or not a safetensors file. */
const maxHeader = 100_000_000;

/**
 * A safetensors file by its header; each tensor is read when asked for, by its own byte range.
 *
 * Strict, as huggingface/safetensors 0.8 is: tensors cover the data without hole, overlap or rest, and beyond it
 * no key occurs twice.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID`, naming the file and the tensor.
 */
export async function openSafetensors(source: ByteSource, signal?: AbortSignal): Promise<SafetensorsFile> {
  expectMembers(source, 'openSafetensors: source', 'size', 'read');
  const { tensors, metadata, dataBegin } = await readHeader(source, signal);
  const entry = (name: string): TensorEntry => {
    const found = tensors.get(name);
    if (!found) throw invalid(source.name, `a tensor '${name}'`);
    return found;
  };
  const byteRange = (name: string, [begin, end]: readonly [number, number]) => {
    const { dtype, begin: at, end: limit } = entry(name);
    const size = (limit - at) / dtype.size;
    if (begin >= 0 && begin <= end && end <= size) {
      return [dataBegin + at + begin * dtype.size, dataBegin + at + end * dtype.size] as const;
    }
    throw invalid(`${source.name}: tensor '${name}'`, `a range of its ${size} values`, `${begin} to ${end}`);
  };
  return {
    names: new Set(tensors.keys()),
    metadata,
    shape: (name) => entry(name).shape,
    async read(name, readSignal) {
      const { dtype, shape, begin, end } = entry(name);
      const bytes = await readExactly(source, [dataBegin + begin, dataBegin + end], readSignal);
      return { shape, data: dtype.decode(ownBuffer(bytes)) };
    },
    async readRange(name, range, room, readSignal) {
      const [begin, end] = byteRange(name, range);
      const enough = room && room.length >= end - begin ? room.subarray(0, end - begin) : undefined;
      return entry(name).dtype.decode(await readExactly(source, [begin, end], readSignal, enough));
    },
  };
}

/** The header of a file, and where the data behind it begin. */
export async function readHeader(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<SafetensorsHeader & { readonly dataBegin: number }> {
  const dataBegin = lengthBytes + (await headerLength(source, signal));
  const header = await readExactly(source, [lengthBytes, dataBegin], signal);
  return { ...parseHeader(source.name, header, source.size - dataBegin), dataBegin };
}

async function headerLength(source: ByteSource, signal?: AbortSignal): Promise<number> {
  if (source.size < lengthBytes) {
    throw invalid(source.name, `at least ${lengthBytes} bytes`, source.size);
  }
  const bytes = await readExactly(source, [0, lengthBytes], signal);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const limit = Math.min(maxHeader, source.size - lengthBytes);
  if (length > limit) {
    throw invalid(source.name, `a header of at most ${limit} bytes`, `${length}; not a safetensors file?`);
  }
  return Number(length);
}
