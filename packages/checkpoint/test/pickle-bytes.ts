import { concat } from './zip-bytes.ts';

/** What can be pickled here: arrays as tuples, maps as dictionaries. */
export type Value = null | boolean | number | string | readonly Value[] | Map<Value, Value> | Bytes;

/** Opcodes as they are. */
export interface Bytes {
  readonly code: Uint8Array;
}

const text = (value: string) => new TextEncoder().encode(value);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const op = (char: string) => text(char);

/** A pickle of protocol 2. */
export function pickleBytes(value: Value): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(0x80, 2), codeOf(value), op('.'));
}

export function codeOf(value: Value): Uint8Array {
  if (value === null) return op('N');
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0x88 : 0x89);
  if (typeof value === 'number') return concat(op('J'), new Uint8Array(Int32Array.of(value).buffer));
  if (typeof value === 'string') return concat(op('X'), u32(text(value).length), text(value));
  if (value instanceof Map) return concat(op('}('), ...[...value].flat().map(codeOf), op('u'));
  if ('code' in value) return value.code;
  return concat(op('('), ...value.map(codeOf), op('t'));
}

/** A class or function by its name. */
export function named(module: string, name: string): Bytes {
  return { code: text(`c${module}\n${name}\n`) };
}

/** `callable(*args)`. */
export function call(callable: Bytes, ...args: readonly Value[]): Bytes {
  return { code: concat(callable.code, codeOf(args), op('R')) };
}

/** A TorchScript module. */
export function scripted(name: string, state: Map<Value, Value>): Bytes {
  return { code: concat(named('__torch__.clip', name).code, op(')'), Uint8Array.of(0x81), codeOf(state), op('b')) };
}

export function storage(type: string, key: string, count: number): Bytes {
  return { code: concat(codeOf(['storage', named('torch', type), key, 'cpu', count]), op('Q')) };
}

/** What torch writes for a tensor. */
export function tensor(
  of: Bytes,
  shape: readonly number[],
  { offset = 0, strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1)) } = {},
): Bytes {
  const hooks = call(named('collections', 'OrderedDict'));
  return call(named('torch._utils', '_rebuild_tensor_v2'), of, offset, shape, strides, false, hooks);
}
