import type { Checkpoint, TypedArray, WeightType } from '@diptych/core';
import { fill, util } from '@tensorflow/tfjs-core';
import { type Filling, fillingOf, isStaged, stageSize } from './filling.ts';
import { runFusedAll } from './fused.ts';
import type { Placement } from './name-table.ts';
import { type Piece, piecesOf, readPiece } from './read-pieces.ts';
import { bytesEach, type Weight } from './weights.ts';

export interface ReadWeightsOptions {
  readonly dtype: WeightType;
  /** What the file's weights are packed in, if they are. */
  readonly packed: WeightType | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Reads under way beside the one that is waited for. */
const ahead = 3;

/** Every parameter in turn, filled while the values of others are read; no more than one is held twice. */
export async function* readWeights(
  placements: readonly Placement[],
  checkpoint: Checkpoint,
  { dtype, packed, signal }: ReadWeightsOptions,
): AsyncGenerator<readonly [Placement, Weight]> {
  const pieces = placements.flatMap((placement) => piecesOf(placement, checkpoint, packed));
  const largest = stageSize(placements, packed !== undefined);
  // Beside the model: values to be packed, and the two forms of one weight.
  runFusedAll('DiptychReserve', {}, { bytes: heapBytes(placements, dtype) + 12 * largest });
  const stage = largest > 0 ? fill([largest], 0) : undefined;
  const fillings = new Map<Placement, Filling>();
  const roomOf = roomsFor(pieces, checkpoint);
  const reads: { readonly values: Promise<TypedArray>; readonly room: Uint8Array | undefined }[] = [];
  let started = 0;
  const start = (piece: Piece): void => {
    const { placement, size } = piece;
    const filling =
      fillings.get(placement) ?? fillingOf(placement, size, { dtype, packed: packed !== undefined, stage });
    fillings.set(placement, filling);
    const room = filling.room?.(piece);
    const values = readPiece(piece, checkpoint, room ?? roomOf(started), signal);
    values.catch(() => undefined);
    reads.push({ values, room });
    started++;
  };
  // There is one stage.
  const mayStart = ({ placement }: Piece): boolean => {
    return !stage || !isStaged(placement) || [...fillings.keys()].every((one) => one === placement || !isStaged(one));
  };
  try {
    for (const [i, piece] of pieces.entries()) {
      while (started <= Math.min(i + ahead, pieces.length - 1) && mayStart(pieces[started]!)) start(pieces[started]!);
      const values = await reads[0]!.values;
      signal?.throwIfAborted();
      const filling = fillings.get(piece.placement)!;
      filling.take(values, piece, reads.shift()!.room);
      if (!piece.last) continue;
      const weight = filling.done();
      filling.dispose?.();
      fillings.delete(piece.placement);
      yield [piece.placement, weight];
    }
  } finally {
    // They may still be writing to where values stay.
    await Promise.allSettled(reads.map(({ values }) => values));
    for (const filling of fillings.values()) filling.dispose?.();
    stage?.dispose();
  }
}

/** Rooms for pieces that stay nowhere as they are, which the reads use by turns. */
function roomsFor(pieces: readonly Piece[], { readRange }: Pick<Checkpoint, 'readRange'>) {
  const largest = Math.max(0, ...pieces.map(({ bytes }) => bytes));
  const rooms: Uint8Array[] = [];
  return (read: number): Uint8Array | undefined => {
    return readRange && (rooms[read % (ahead + 1)] ??= new Uint8Array(largest));
  };
}

/** What a model takes in the memory of a backend. Tables in integers are elsewhere. */
function heapBytes(placements: readonly Placement[], dtype: WeightType): number {
  const sizes = placements.map(({ param }) => {
    return param.lookup && dtype !== 'float32' ? 0 : bytesEach(param, dtype) * util.sizeFromShape([...param.shape]);
  });
  return sizes.reduce((a, b) => a + b, 0);
}
