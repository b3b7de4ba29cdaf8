import type { WeightType } from '@diptych/core';
import { engine, type TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelExports } from './exports.ts';
import type { PackedWeight, Runtime, Sizes } from './runtime.ts';
import type { Address } from './tfjs-inside.ts';

/** Where a matrix begins, and bytes from one row and one column to the next. */
export interface Matrix {
  readonly at: Address;
  readonly row: number;
  readonly column: number;
}

/** `to = activation(a · b · scale + bias) + residual`, with `a` `[m, k]` and `b` `[k, n]`. */
export interface Product {
  /** What `b` holds and is multiplied, by the kernels' number; default 0, float32. */
  readonly format?: number;
  readonly a: Matrix;
  /** The right factor, packed. */
  readonly b: Address;
  /** `[m, n]`, row-major; narrower with `columns`. */
  readonly to: Address;
  readonly sizes: readonly [m: number, k: number, n: number];
  /** `[n]`, as `bias`. */
  readonly scale?: Address | undefined;
  readonly bias?: Address | undefined;
  readonly activation?: number | undefined;
  readonly residual?: Address | undefined;
  /** Those that are computed, eight by eight; default all. There is no residual then. */
  readonly columns?: readonly [from: number, end: number] | undefined;
}

/** Computes one product. Every product of matrices goes through here. `scratch` has room for `gemmScratchBytes`. */
export function multiply(kernels: KernelExports, scratch: Address, product: Product): void {
  const { format = 0, a, b, to, scale = 0, bias = 0, activation = 0, residual = 0 } = product;
  const [m, k, n] = product.sizes;
  const { columns: [from, end] = [0, n] } = product;
  const left = { a: a.at, aRow: a.row, aColumn: a.column };
  const result = { to: to - 4 * from, cRow: 4 * (end - from), from, end };
  kernels.gemm({ ...left, ...result, numbers: format, b, m, k, n, scale, bias, activation, residual, scratch });
}

/** The numbers that the kernels know the types by. */
export const formats: Readonly<Record<WeightType, number>> = { float32: 0, int16: 1, int8: 2 };

/** What a product multiplies: its format by number, and where it is. */
export interface RightFactor {
  readonly format: number;
  readonly b: Address;
}

/**
 * A weight as the product reads it. It is kept in this form alone from its first product on, until somebody else reads
 * it: then float32 is kept plain alone, and integers beside it until the next product.
 *
 * While a gradient is recorded, the weight stays plain and its values are exact; so does one that shares its data with a packed
 * weight of another shape. `room` has room for `factorRoom` then.
 */
export function rightFactor(runtime: Runtime, weight: TensorInfo, sizes: Sizes, room: () => Address): RightFactor {
  if (staysPlain(runtime, weight, sizes)) {
    const b = room();
    const [k, n] = sizes;
    runtime.kernels.packColumns(runtime.addressOf(weight), 4 * n, 4, b, k, n);
    return { format: 0, b };
  }
  const packed =
    runtime.packedOf(weight) ?? pack(runtime, weight, { from: weight, dtype: 'float32', sizes, asIs: true });
  setAside(runtime, weight, packed);
  return { format: formats[packed.dtype], b: packed.at };
}

/** Bytes of the room that `rightFactor` asks for. */
export function factorRoom(runtime: Runtime, weight: TensorInfo, sizes: Sizes): number {
  return staysPlain(runtime, weight, sizes) ? packedSize(runtime.kernels, 'float32', sizes) : 0;
}

function staysPlain(runtime: Runtime, weight: TensorInfo, [k, n]: Sizes): boolean {
  const found = runtime.packedOf(weight);
  if (found && (found.sizes[0] !== k || found.sizes[1] !== n)) return true;
  return engine().state.gradientDepth > 0 && found?.dtype !== 'float32';
}

/** How a weight is packed. */
interface Packing {
  /** `[k, n]` with `asIs`, else `[n, k]`. */
  readonly from: TensorInfo;
  readonly dtype: WeightType;
  readonly sizes: Sizes;
  readonly asIs: boolean;
  /** Of the inputs of one pixel, where a filter meets several: each has one factor. Default all inputs. */
  readonly channels?: number | undefined;
}

function pack(runtime: Runtime, weight: TensorInfo, packing: Packing): PackedWeight {
  const { dtype, sizes } = packing;
  const bytes = packedSize(runtime.kernels, dtype, sizes);
  const packed = runtime.keepPacked(weight, { dtype, sizes, at: runtime.allocate(bytes), bytes });
  packTo(runtime, packed, packing);
  return packed;
}

export function packTo(
  { kernels, addressOf }: Runtime,
  packed: PackedWeight,
  { from, dtype, sizes, asIs, channels }: Packing,
): void {
  const [k, n] = sizes;
  const at = addressOf(from);
  const [row, column] = asIs ? [4 * n, 4] : [4, 4 * k];
  if (dtype === 'float32') kernels.packColumns(at, row, column, packed.at, k, n);
  else kernels.quantizeColumns(at, row, column, packed.at, k, n, formats[dtype], channels ?? k);
}

/**
 * A weight that is kept packed alone, whose packed form is still to be written. What stays gets its room before what does
 * not, in memory that is in use already.
 */
export function newPacked(
  runtime: Runtime,
  shape: readonly number[],
  dtype: WeightType,
  sizes: Sizes,
): { readonly weight: TensorInfo; readonly packed: PackedWeight } {
  const bytes = packedSize(runtime.kernels, dtype, sizes);
  const at = runtime.allocate(bytes);
  const weight = outputOr(runtime, shape, () => runtime.free(at));
  const packed = runtime.keepPacked(weight, { dtype, sizes, at, bytes });
  setAside(runtime, weight, packed);
  return { weight, packed };
}

function outputOr(runtime: Runtime, shape: readonly number[], giveUp: () => void): TensorInfo {
  try {
    return runtime.output(shape, 'float32');
  } catch (error) {
    giveUp();
    throw error;
  }
}

export function packedSize(kernels: KernelExports, dtype: WeightType, [k, n]: Sizes): number {
  return (dtype === 'float32' ? kernels.packedBytes(k, n) : kernels.quantizedBytes(k, n, formats[dtype])) >>> 0;
}

/** Leaves the weight in its packed form alone. A variable may have other data by the time that somebody reads these. */
function setAside(runtime: Runtime, weight: TensorInfo, { dtype, sizes: [k, n], at }: PackedWeight): void {
  const data: TensorInfo = { dataId: weight.dataId, shape: weight.shape, dtype: weight.dtype };
  runtime.setAside(data, (to) => {
    runtime.kernels.unpack(at, to, k, n, formats[dtype]);
    if (dtype === 'float32') runtime.dropPacked(data);
  });
}
