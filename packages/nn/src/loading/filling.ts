import type { TypedArray, WeightType } from '@diptych/core';
import { clone, tensor, type Tensor, util } from '@tensorflow/tfjs-core';
import { type Placement, storedShape } from '../spec/name-table.ts';
import { checkBytes, packedBytes, packedFactor } from './packed-file.ts';
import type { Piece } from './pieces.ts';
import { tableCodes } from './rounded-table.ts';
import { roomFor, weightStore } from './weight-store.ts';
import { typeOf } from '../spec/spec.ts';
import { factorOf, isStoredFlat, packStored, toFloat32, type Weight, weightOf } from './weights.ts';

/** One parameter while its values arrive. Whoever made it disposes of it, done or not. */
export interface Filling {
  /** Where the values of a piece stay as they are, if they do and that memory never moves. */
  room?(piece: Piece): Uint8Array | undefined;
  /** Takes the values of the next piece, which may be in the `room` that it gave for them already. */
  take(values: TypedArray, piece: Piece, room: Uint8Array | undefined): void;
  /** The parameter, once all values are there. */
  done(): Weight;
  dispose?(): void;
}

export interface FillOptions {
  readonly dtype: WeightType;
  /** Whether the file holds packed weights. */
  readonly packed: boolean;
  /** Room for the values of a factor, from where they are packed, once there is some; see `stageSize`. */
  readonly stage: ((placement: Placement) => Tensor | undefined) | undefined;
}

/** @param size Number of values in the file. */
export function fillingOf(placement: Placement, size: number, { packed, stage, ...wanted }: FillOptions): Filling {
  const { param } = placement;
  const dtype = typeOf(param, wanted.dtype);
  if (param.lookup && dtype !== 'float32') return table(placement, size, { dtype, packed });
  if (packed && param.factor) return unpacked(placement, size, dtype);
  if (stage && isStaged(placement)) return staged(placement, () => stage(placement), dtype);
  if (weightStore()) return written(placement, dtype);
  const all = new Float32Array(size);
  return {
    take: (values, { at, name }) => all.set(toFloat32(values, name), at),
    done: () => weightOf(placement, () => tensor(all, [...storedShape(placement)]), dtype),
  };
}

/** Most values that a factor is packed from; 0 where none is, or the backend has no kernel for it. */
export function stageSize(placements: readonly Placement[], packed: boolean): number {
  if (packed || !weightStore()) return 0;
  const sizes = placements.filter(isStaged).map(({ param }) => util.sizeFromShape([...param.shape]));
  return Math.max(0, ...sizes);
}

export function isStaged(placement: Placement): boolean {
  return placement.param.factor === true && isStoredFlat(placement);
}

/** There is a stage when values are taken. */
function staged(placement: Placement, stage: () => Tensor | undefined, dtype: WeightType): Filling {
  return {
    room(piece) {
      const to = stage();
      return to && roomIn(to, piece);
    },
    take: (values, piece, room) => write(stage()!, piece, toFloat32(values, piece.name), room),
    done: () => factorOf(placement.param, () => packStored(placement, stage()!, dtype)!, dtype),
  };
}

/** A tensor whose values are written in the layout of the file. */
function written(placement: Placement, dtype: WeightType): Filling {
  const to = roomFor(storedShape(placement));
  return {
    room: (piece) => roomIn(to, piece),
    take: (values, piece, room) => write(to, piece, toFloat32(values, piece.name), room),
    done: () => weightOf(placement, () => clone(to), dtype),
    dispose: () => to.dispose(),
  };
}

/** A factor of a packed file; in float32 it can be trained. */
function unpacked(placement: Placement, size: number, dtype: WeightType): Filling {
  const to = packedFactor(placement, size, dtype);
  return {
    room: (piece) => roomIn(to, piece),
    take: (values, piece, room) => write(to, piece, packedBytes(placement, values), room),
    done: () => factorOf(placement.param, () => clone(to), dtype),
    dispose: () => to.dispose(),
  };
}

function table(placement: Placement, size: number, { dtype, packed }: TableOptions): Filling {
  const [rows, width] = placement.param.shape as readonly [number, number];
  const codes = tableCodes([rows, width], dtype);
  if (packed) checkBytes(placement, size, codes.bytes);
  return {
    take: packed
      ? (values, { at }) => codes.stored.set(packedBytes(placement, values), at)
      : (values, { at, name }) => codes.round(toFloat32(values, name), at / width || 0),
    done: () => codes,
  };
}

interface TableOptions {
  readonly dtype: Exclude<WeightType, 'float32'>;
  readonly packed: boolean;
}

function roomIn(to: Tensor, piece: Piece): Uint8Array | undefined {
  const found = placeIn(to, piece);
  return typeof SharedArrayBuffer === 'function' && found?.buffer instanceof SharedArrayBuffer ? found : undefined;
}

/** Nothing is left to do for values that were read into `room`. */
function write(to: Tensor, piece: Piece, values: Float32Array | Uint8Array, room: Uint8Array | undefined): void {
  const { buffer, byteOffset, byteLength } = values;
  if (buffer === room?.buffer && byteOffset === room.byteOffset) return;
  placeIn(to, piece)?.set(new Uint8Array(buffer, byteOffset, byteLength));
}

function placeIn(to: Tensor, { at, begin, end, bytesEach }: Piece): Uint8Array | undefined {
  return weightStore()
    ?.bytesOf(to)
    .subarray(bytesEach * at, bytesEach * (at + end - begin));
}
