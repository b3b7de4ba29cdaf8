import { isObject, quote, type TypedArray } from '@diptych/core';
import { dtypes, type Dtype } from '../dtype.ts';
import { invalid, unsupported } from '../invalid.ts';

/** Where a tensor stands, for errors. */
export interface TensorPlace {
  readonly file: string;
  readonly name: string;
}

/** Element types that stand for themselves, by their names here and in safetensors. */
const plain: ReadonlyMap<string, string> = new Map([
  ['float32', 'F32'],
  ['int32', 'I32'],
  ['uint8', 'U8'],
  ['bool', 'BOOL'],
]);

/** Integers that count steps on a scale. */
const codes: ReadonlyMap<string, string> = new Map([
  ['uint8', 'U8'],
  ['uint16', 'U16'],
]);

/** How the bytes of a tensor become its values, which quantisation stores as something smaller. */
export function weightEncoding(place: TensorPlace, dtype: unknown, quantization: unknown): Dtype {
  const known = dtypeOf(plain, dtype);
  if (known) return quantization === undefined ? known : quantizedEncoding(place, dtype, quantization);
  const refuse = dtype === 'string' || dtype === 'complex64' ? unsupported : invalid;
  throw refuse(`${place.file}: tensor '${place.name}'`, `a dtype of ${[...plain.keys()]}`, quote(dtype));
}

function quantizedEncoding({ file, name }: TensorPlace, dtype: unknown, quantization: unknown): Dtype {
  const refused = (expected: string) =>
    invalid(`${file}: tensor '${name}': quantization`, expected, quote(quantization));
  if (dtype !== 'float32' && dtype !== 'int32') throw refused('none but of float32 and int32');
  if (!isObject(quantization)) throw refused('an object');
  const { dtype: stored, scale, min } = quantization;
  if (stored === 'float16' && dtype === 'float32') return dtypes.get('F16')!;
  const code = dtypeOf(codes, stored);
  if (!code) throw refused('a dtype of uint8 or uint16, or float16 for a float32 tensor');
  if (!isNumber(scale) || !isNumber(min)) throw refused('a scale and a min');
  return { size: code.size, decode: (bytes) => steps(code.decode(bytes), { scale, min, whole: dtype === 'int32' }) };
}

function dtypeOf(names: ReadonlyMap<string, string>, name: unknown): Dtype | undefined {
  return typeof name === 'string' ? dtypes.get(names.get(name) ?? '') : undefined;
}

interface Scale {
  readonly scale: number;
  readonly min: number;
  /** Whether the values are integers. */
  readonly whole: boolean;
}

/** In float64 and rounded once, as TensorFlow.js does it. */
function steps(stored: TypedArray, { scale, min, whole }: Scale): Float32Array | Int32Array {
  const value = (code: number | bigint) => Number(code) * scale + min;
  return whole
    ? Int32Array.from<number | bigint>(stored, (code) => Math.round(value(code)))
    : Float32Array.from<number | bigint>(stored, value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
