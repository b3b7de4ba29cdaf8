import type { WeightType } from '@diptych/core';
import { clone, fill, tensor, type Tensor, util } from '@tensorflow/tfjs-core';
import { hasFused, runFusedAll } from './fused.ts';
import { type Placement, storedShape } from './name-table.ts';
import { checkBytes, packedBytes, packedFactor } from './packed-file.ts';
import type { Piece, ReadPiece } from './read-pieces.ts';
import { tableCodes } from './rounded-table.ts';
import { typeOf } from './spec.ts';
import { factorOf, isStoredFlat, packStored, toFloat32, type Weight, weightOf } from './weights.ts';

/** One parameter while its values arrive. Whoever made it disposes of it, done or not. */
export interface Filling {
  /** Takes the values of the next piece. */
  take(read: ReadPiece, piece: Piece): void;
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
  /** Room for one piece that stays nowhere as it is. */
  readonly spare: Uint8Array;
}

/** @param size Number of values in the file. */
export function fillingOf(
  placement: Placement,
  size: number,
  { packed, stage, spare, ...wanted }: FillOptions,
): Filling {
  const { param } = placement;
  const dtype = typeOf(param, wanted.dtype);
  if (param.lookup && dtype !== 'float32') return table(placement, size, { dtype, packed, spare });
  if (packed && param.factor) return unpacked(placement, size, dtype);
  if (stage && isStaged(placement)) return staged(placement, stage, dtype);
  if (hasFused('DiptychWrite')) return written(placement, dtype);
  const all = new Float32Array(size);
  return {
    take: (read, { at, name }) => all.set(toFloat32(read(spare), name), at),
    done: () => weightOf(placement, () => tensor(all, [...storedShape(placement)]), dtype),
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
    take: (read, piece) => write(stage, piece, (room) => toFloat32(read(room), piece.name)),
    done: () => factorOf(placement.param, () => packStored(placement, stage, dtype)!, dtype),
  };
}

/** A tensor whose values are written in the layout of the file. */
function written(placement: Placement, dtype: WeightType): Filling {
  const to = fill([...storedShape(placement)], 0);
  return {
    take: (read, piece) => write(to, piece, (room) => toFloat32(read(room), piece.name)),
    done: () => weightOf(placement, () => clone(to), dtype),
    dispose: () => to.dispose(),
  };
}

/** A factor of a packed file; in float32 it can be trained. */
function unpacked(placement: Placement, size: number, dtype: WeightType): Filling {
  const to = packedFactor(placement, size, dtype);
  return {
    take: (read, piece) => write(to, piece, (room) => packedBytes(placement, read(room))),
    done: () => factorOf(placement.param, () => clone(to), dtype),
    dispose: () => to.dispose(),
  };
}

function table(placement: Placement, size: number, { dtype, packed, spare }: TableOptions): Filling {
  const [rows, width] = placement.param.shape as readonly [number, number];
  const codes = tableCodes([rows, width], dtype);
  if (packed) checkBytes(placement, size, codes.bytes);
  return {
    take: packed
      ? (read, { at }) => codes.stored.set(packedBytes(placement, read(spare)), at)
      : (read, { at, name }) => codes.round(toFloat32(read(spare), name), at / width || 0),
    done: () => codes,
  };
}

interface TableOptions {
  readonly dtype: Exclude<WeightType, 'float32'>;
  readonly packed: boolean;
  readonly spare: Uint8Array;
}

/** @param values Those of the piece, which are copied unless they are in `room` already. */
function write(to: Tensor, { at, begin, end, bytes }: Piece, values: (room: Uint8Array) => Float32Array | Uint8Array) {
  const fillRoom = (room: Uint8Array): void => {
    const { buffer, byteOffset, byteLength } = values(room);
    if (buffer !== room.buffer || byteOffset !== room.byteOffset)
      room.set(new Uint8Array(buffer, byteOffset, byteLength));
  };
  runFusedAll('DiptychWrite', { to }, { at: (at * bytes) / (end - begin) || 0, bytes, fill: fillRoom });
}
