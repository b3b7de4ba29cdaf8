import type { TypedArray } from '@diptych/core';
import { floatTable } from './float-table.ts';

/** One element type on disk, little-endian. */
export interface Dtype {
  /** Bytes per value. */
  readonly size: number;
  /** The values of `bytes`, whose buffer the result may keep. */
  decode(bytes: Uint8Array): TypedArray;
}

/** Element types by the names of safetensors. Floats narrower than 32 bits widen, exactly. */
export const dtypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ['F64', plain(Float64Array)],
  ['F32', plain(Float32Array)],
  ['F16', { size: 2, decode: lookup(Uint16Array, () => floatTable(5, 10, 'ieee')) }],
  ['BF16', { size: 2, decode: bfloat16 }],
  ['F8_E4M3', { size: 1, decode: lookup(Uint8Array, () => floatTable(4, 3, 'finite')) }],
  ['F8_E5M2', { size: 1, decode: lookup(Uint8Array, () => floatTable(5, 2, 'ieee')) }],
  ['I64', plain(BigInt64Array)],
  ['I32', plain(Int32Array)],
  ['I16', plain(Int16Array)],
  ['I8', plain(Int8Array)],
  ['U64', plain(BigUint64Array)],
  ['U32', plain(Uint32Array)],
  ['U16', plain(Uint16Array)],
  ['U8', plain(Uint8Array)],
  ['BOOL', plain(Uint8Array)],
]);

interface ArrayType<A extends TypedArray> {
  new (buffer: ArrayBuffer): A;
  readonly BYTES_PER_ELEMENT: number;
}

function plain<A extends TypedArray>(type: ArrayType<A>): Dtype {
  return { size: type.BYTES_PER_ELEMENT, decode: (bytes) => new type(ownBuffer(bytes)) };
}

/** The bytes alone in a buffer, so that the result is aligned, can be transferred and is nobody else's memory. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? buffer
    : new Uint8Array(bytes).buffer;
}

function lookup(type: ArrayType<Uint16Array> | ArrayType<Uint8Array>, makeTable: () => Float32Array): Dtype['decode'] {
  let table: Float32Array | undefined;
  return (bytes) => {
    table ??= makeTable();
    const codes = new type(ownBuffer(bytes));
    const out = new Float32Array(codes.length);
    for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!;
    return out;
  };
}

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bytes: Uint8Array): Float32Array {
  const halves = new Uint16Array(ownBuffer(bytes));
  const out = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = halves[i]! << 16;
  return new Float32Array(out.buffer);
}
