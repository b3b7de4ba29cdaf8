import { dtypes, type Dtype } from '../dtype.ts';
import { invalid, unsupported } from '../invalid.ts';
import { storageDtypes } from './globals.ts';
import { isKind, type Pickled, type PickledObject } from './pickled.ts';

/** A view of a storage, as torch keeps it. */
export interface TorchTensor {
  readonly dtype: Dtype;
  /** Key of the storage in the archive. */
  readonly storage: string;
  /** Everything below counts values, not bytes. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** From the first value to after the last one. */
  readonly extent: number;
}

/** Checks the arguments of `_rebuild_tensor_v2(storage, offset, shape, strides, …)`. */
export function parseTensor(file: string, name: string, { args }: PickledObject): TorchTensor {
  const [reference, offset, shape, strides] = args;
  const { dtype, storage } = parseStorage(file, name, reference);
  if (!isSize(offset) || !areSizes(shape) || !areSizes(strides) || shape.length !== strides.length) {
    throw invalid(
      `${file}: tensor '${name}'`,
      'an offset and as many strides as sizes, at most 64, none negative',
      'others',
    );
  }
  const empty = shape.includes(0);
  const extent = empty ? 0 : shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 1);
  if (!Number.isSafeInteger(offset + extent))
    throw invalid(`${file}: tensor '${name}'`, 'values within a file', `${offset + extent} of them`);
  const count = shape.reduce((product, n) => product * n, 1);
  if (!empty && count > extent) {
    throw unsupported(`${file}: tensor '${name}'`, 'values of their own', `${count} that share ${extent}`);
  }
  return { dtype, storage, offset, shape, strides, extent };
}

/** `('storage', class, key, location, count)`; where it was, cpu or gpu, does not matter. */
function parseStorage(file: string, name: string, reference?: Pickled): Pick<TorchTensor, 'dtype' | 'storage'> {
  const [tag, type, key] = isKind(reference, 'reference') && Array.isArray(reference.id) ? reference.id : [];
  const dtype = isKind(type, 'global') ? dtypes.get(storageDtypes.get(type.name) ?? '') : undefined;
  if (tag !== 'storage' || !dtype || typeof key !== 'string') {
    throw invalid(`${file}: tensor '${name}'`, 'a storage of a known type', 'another');
  }
  return { dtype, storage: key };
}

function isSize(value: Pickled | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Of at most as many axes as PyTorch has. */
function areSizes(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isSize);
}
