import type { TypedArray, WeightType } from '@diptych/core';
import { clone, fill, type Tensor, util } from '@tensorflow/tfjs-core';
import { hasFused, runFusedAll } from './fused.ts';
import type { Placement } from './name-table.ts';
import { checkBytes, packedBytes, packedFactor } from './packed-file.ts';
import { tableCodes } from './rounded-table.ts';
import { typeOf } from './spec.ts';
import { factorOf, isStoredFlat, packStored, toFloat32, variableOf, type Weight, weightOf } from './weights.ts';

/** One parameter while its values arrive. Whoever made it disposes of it, done or not. */
export interface Filling {
  /** Takes values of the array `name`, which are those of the parameter from number `at` on. They may change afterwards. */
  add(values: TypedArray, at: number, name: string): void;
  /** The parameter, once all values are there. */
  done(): Weight;
  dispose?(): void;
}

export interface FillOptions {
  readonly dtype: WeightType;
  /** Whether the file holds packed weights. */
  readonly packed: boolean;
  /** Room for the values of one factor after another, from where they are packed; see `stageSize`. */
  readonly stage: Tensor | undefined;
}

/** @param size Number of values in the file. */
export function fillingOf(placement: Placement, size: number, { packed, stage, ...wanted }: FillOptions): Filling {
  const { param } = placement;
  const dtype = typeOf(param, wanted.dtype);
  if (param.lookup && dtype !== 'float32') return table(placement, size, { dtype, packed });
  if (packed && param.factor) return unpacked(placement, size, dtype);
  if (stage && isStaged(placement)) return staged(placement, stage, dtype);
  if (!param.factor && !placement.axes && hasFused('DiptychWrite')) return written(placement);
  const all = new Float32Array(size);
  return {
    add: (values, at, name) => all.set(toFloat32(values, name), at),
    done: () => weightOf(placement, all, dtype),
  };
}

/** Most values that a factor is packed from; 0 where none is, or the backend has no kernel for it. */
export function stageSize(placements: readonly Placement[], packed: boolean): number {
  if (packed || !hasFused('DiptychPackWeight')) return 0;
  const sizes = placements.filter(isStaged).map(({ param }) => util.sizeFromShape([...param.shape]));
  return Math.max(0, ...sizes);
}

function isStaged(placement: Placement): boolean {
  return placement.param.factor === true && isStoredFlat(placement);
}

function staged(placement: Placement, stage: Tensor, dtype: WeightType): Filling {
  return {
    add: (values, at, name) => write(stage, toFloat32(values, name), at),
    done: () => factorOf(placement.param, () => packStored(placement, stage, dtype)!, dtype),
  };
}

/** A tensor whose values are written where they stay. */
function written({ param }: Placement): Filling {
  const to = fill([...param.shape], 0);
  return {
    add: (values, at, name) => write(to, toFloat32(values, name), at),
    done: () => variableOf(param, () => clone(to)),
    dispose: () => to.dispose(),
  };
}

/** A factor of a packed file; in float32 it can be trained. */
function unpacked(placement: Placement, size: number, dtype: WeightType): Filling {
  const to = packedFactor(placement, size, dtype);
  return {
    add: (values, at) => write(to, packedBytes(placement, values), at),
    done: () => factorOf(placement.param, () => clone(to), dtype),
    dispose: () => to.dispose(),
  };
}

function table(placement: Placement, size: number, { dtype, packed }: TableOptions): Filling {
  const [rows, width] = placement.param.shape as readonly [number, number];
  const codes = tableCodes([rows, width], dtype);
  if (packed) checkBytes(placement, size, codes.bytes);
  return {
    add: packed
      ? (values, at) => codes.stored.set(packedBytes(placement, values), at)
      : (values, at, name) => codes.round(toFloat32(values, name), at / width || 0),
    done: () => codes,
  };
}

interface TableOptions {
  readonly dtype: Exclude<WeightType, 'float32'>;
  readonly packed: boolean;
}

function write(to: Tensor, values: Float32Array | Uint8Array, at: number): void {
  runFusedAll('DiptychWrite', { to }, { values, at });
}
